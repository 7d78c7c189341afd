//! The one door to the daemon: it opens every connection, writes the API's version before every path, keeps the
//! limits of time and size, lets through only what is in its table of routes, and counts what it costs.

mod call;
mod connect;
mod costs;
mod failure;
mod limits;
mod lines;
mod refusal;
mod routes;
pub(super) mod tls;
mod version;

use std::{
    collections::HashSet,
    future::Future,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::{
    Method, Request, Response,
    body::Incoming,
    header::{DATE, HOST, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

pub use self::{
    call::Call,
    costs::{Costs, RouteCost},
    failure::Failure,
    limits::Limits,
    lines::{Line, Lines},
    routes::{NotAdmitted, Route, well_formed},
    version::{ApiVersion, NEWEST, OLDEST, Spoken},
};
use self::{
    connect::{Connection, FirstByte, Metered, Stream},
    tls::Tls,
};
use super::{Endpoint, Id, rfc3339};

#[derive(Debug, Clone)]
pub struct Transport {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    endpoint: Endpoint,
    tls: Option<Tls>,
    /// A connection was made since [`Transport::begin`].
    reached: AtomicBool,
    limits: Limits,
    costs: Arc<Costs>,
    version: RwLock<ApiVersion>,
    /// The ids that may stand in a path.
    known: RwLock<HashSet<Id>>,
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    pub body: Bytes,
    /// The daemon's clock when it answered, in whole seconds, if it said so.
    pub date_secs: Option<i64>,
}

struct Opened {
    route: Route,
    response: Response<Incoming>,
    connection: Connection,
    since: Instant,
}

impl Transport {
    pub fn new(endpoint: Endpoint, limits: Limits, costs: Arc<Costs>) -> Self {
        let tls = match &endpoint {
            Endpoint::Tls {
                host, certificates, ..
            } => Some(Tls::new(certificates.clone(), host.clone())),
            Endpoint::Unix(_) | Endpoint::Tcp { .. } => None,
        };
        Self {
            shared: Arc::new(Shared {
                endpoint,
                tls,
                reached: AtomicBool::new(false),
                limits,
                costs,
                version: RwLock::new(OLDEST),
                known: RwLock::default(),
            }),
        }
    }

    pub fn costs(&self) -> &Arc<Costs> {
        &self.shared.costs
    }

    /// A new attempt: certificates are read anew, and nothing is reached yet.
    pub fn begin(&self) {
        self.shared.reached.store(false, Ordering::Relaxed);
        self.forget_certificates();
    }

    /// Somebody took a connection since the attempt began.
    pub fn reached(&self) -> bool {
        self.shared.reached.load(Ordering::Relaxed)
    }

    fn forget_certificates(&self) {
        if let Some(tls) = &self.shared.tls {
            tls.forget();
        }
    }

    /// The version that stands before each path.
    pub fn version(&self) -> ApiVersion {
        *read(&self.shared.version)
    }

    /// Settles the version for all calls that follow.
    pub fn agree_on_version(&self, spoken: &Spoken) -> Result<ApiVersion, Failure> {
        let chosen = version::choose(spoken)?;
        *write(&self.shared.version) = chosen;
        Ok(chosen)
    }

    /// The whole fleet: no other id is let through.
    pub fn know_only(&self, ids: impl IntoIterator<Item = Id>) {
        *write(&self.shared.known) = ids.into_iter().collect();
    }

    pub fn know(&self, id: &Id) {
        write(&self.shared.known).insert(id.clone());
    }

    pub fn forget(&self, id: &str) {
        write(&self.shared.known).remove(id);
    }

    pub async fn get(&self, call: Call<'_>) -> Result<Answer, Failure> {
        let (path, query) = call.path_and_query();
        let opened = self.open(&Method::GET, &path, query.as_deref()).await?;
        let date_secs = date_of(&opened.response);
        let limit = self.time_limit(opened.route);
        let body = timeout(limit, opened.response.into_body().collect())
            .await
            .map_err(|_| Failure::Silent(limit))?
            .map_err(|error| Failure::of_hyper(&error))?;
        self.shared
            .costs
            .count_wait(opened.route, opened.since.elapsed());
        Ok(Answer {
            body: body.to_bytes(),
            date_secs,
        })
    }

    /// A stream goes on as long as it likes, and may be silent; who reads it decides how long.
    pub async fn stream(&self, call: Call<'_>) -> Result<Lines, Failure> {
        let (path, query) = call.path_and_query();
        let opened = self.open(&Method::GET, &path, query.as_deref()).await?;
        self.shared
            .costs
            .count_wait(opened.route, opened.since.elapsed());
        let date_secs = date_of(&opened.response);
        Ok(Lines::new(
            opened.response.into_body(),
            opened.connection,
            self.shared.costs.clone(),
            date_secs,
        ))
    }

    /// The typed client, for single answers only: its streams and lists are stricter than real daemons, and it does
    /// not send the version that it negotiates, which is why this door writes it.
    pub fn typed(&self) -> Result<bollard::Docker, Failure> {
        let door = self.clone();
        let version = self.version();
        let version = bollard::ClientVersion {
            major_version: usize::from(version.major),
            minor_version: usize::from(version.minor),
        };
        // the door keeps its own limits
        const NO_LIMIT_SECS: u64 = u32::MAX as u64;
        bollard::Docker::connect_with_custom_transport(
            move |request: bollard::BollardRequest| {
                let door = door.clone();
                async move { door.forward(&request.into_parts().0).await }
            },
            Some("http://docker"),
            NO_LIMIT_SECS,
            &version,
        )
        .map_err(|error| Failure::Unreadable(error.to_string()))
    }

    fn forward(
        &self,
        head: &hyper::http::request::Parts,
    ) -> impl Future<Output = Result<Response<Incoming>, bollard::errors::Error>> + Send + 'static
    {
        let door = self.clone();
        let (method, uri) = (head.method.clone(), head.uri.clone());
        async move {
            let opened = door
                .open(&method, uri.path(), uri.query())
                .await
                .map_err(|failure| bollard::errors::Error::IOError {
                    err: std::io::Error::other(failure),
                })?;
            door.shared
                .costs
                .count_wait(opened.route, opened.since.elapsed());
            opened.connection.detach();
            Ok(opened.response)
        }
    }

    /// The only way out.
    async fn open(
        &self,
        method: &Method,
        path: &str,
        query: Option<&str>,
    ) -> Result<Opened, Failure> {
        let opened = self.send(method, path, query).await;
        if matches!(opened, Err(Failure::Tls(_))) {
            // what was renewed meanwhile is tried by the next call
            self.forget_certificates();
        }
        opened
    }

    /// As the endpoint wants it: plain, or by TLS.
    async fn connect(&self) -> Result<Box<dyn Stream>, Failure> {
        let (shared, limits) = (&self.shared, &self.shared.limits);
        if let Some(tls) = &shared.tls {
            // before anything is sent: what is wrong with the files is wrong whoever answers
            tls.prepare().await.map_err(Failure::Tls)?;
        }
        let stream = timeout(limits.connect, connect::connect(&shared.endpoint))
            .await
            .map_err(|_| Failure::ConnectTimedOut(limits.connect))?
            .map_err(Failure::Connect)?;
        shared.reached.store(true, Ordering::Relaxed);
        match &shared.tls {
            None => Ok(stream),
            Some(tls) => timeout(limits.ping, tls.secure(stream))
                .await
                .map_err(|_| Failure::Silent(limits.ping))?,
        }
    }

    async fn send(
        &self,
        method: &Method,
        path: &str,
        query: Option<&str>,
    ) -> Result<Opened, Failure> {
        let route = routes::admit(method, path, query, |id| {
            read(&self.shared.known).contains(id)
        })
        .map_err(Failure::NotAdmitted)?;
        let request = self.request(route, path, query)?;
        let since = Instant::now();
        self.shared.costs.count_call(route);

        let stream = self.connect().await?;
        let first_byte = Arc::new(FirstByte::default());
        let metered = Metered::new(
            stream,
            self.shared.costs.clone(),
            route,
            limits::size_limit(route),
            first_byte.clone(),
        );
        let (mut sender, driver) = hyper::client::conn::http1::handshake(TokioIo::new(metered))
            .await
            .map_err(|error| Failure::of_hyper(&error))?;
        let task = tokio::spawn(async move {
            // whatever ends it reaches the one who waits for the answer, too
            let _ = driver.await;
        });
        let connection = Connection::new(task.abort_handle());

        let limit = self.time_limit(route);
        let response = timeout(limit, sender.send_request(request))
            .await
            .map_err(|_| Failure::Silent(limit))?
            .map_err(|error| match Failure::of_hyper(&error) {
                Failure::NotHttp(_) if first_byte.is_tls() => Failure::TlsExpected,
                other => other,
            })?;
        let opened = Opened {
            route,
            response,
            connection,
            since,
        };
        if opened.response.status().is_success() {
            return Ok(opened);
        }
        Err(refusal::refusal(opened.response, limit).await)
    }

    fn request(
        &self,
        route: Route,
        path: &str,
        query: Option<&str>,
    ) -> Result<Request<Empty<Bytes>>, Failure> {
        let mut target = if route.versioned() {
            format!("/v{}{path}", self.version())
        } else {
            path.to_owned()
        };
        if let Some(query) = query {
            target.push('?');
            target.push_str(query);
        }
        let host = self.shared.endpoint.authority();
        let host = host.unwrap_or_else(|| "docker".to_owned());
        Request::get(target)
            .header(HOST, host)
            .header(
                USER_AGENT,
                concat!("daemonscope/", env!("CARGO_PKG_VERSION")),
            )
            .body(Empty::new())
            .map_err(|_| Failure::NotAdmitted(NotAdmitted::Path(path.to_owned())))
    }

    pub fn time_limit(&self, route: Route) -> Duration {
        self.shared.limits.of(route)
    }
}

/// `Tue, 24 Nov 2026 06:44:55 GMT`
fn date_of<T>(response: &Response<T>) -> Option<i64> {
    let text = response.headers().get(DATE)?.to_str().ok()?;
    let mut words = text.split_ascii_whitespace().skip(1);
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = MONTHS.find(month).filter(|at| at % 3 == 0)? / 3 + 1;
    Some(rfc3339::nanos(&format!("{year}-{month:02}-{day:0>2}T{time}Z"))? / 1_000_000_000)
}

/// A panic elsewhere leaves these values whole: each is written in one step.
fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
