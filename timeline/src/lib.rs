//! Events as people mean them: the docker command's filters, pure.
