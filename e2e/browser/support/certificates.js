// Authorities and certificates, made by openssl.

import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const openssl = async (...args) => promisify(execFile)("openssl", args);
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

export class Authority {
  #signed = 0;

  /** An authority in a folder of its own. */
  static async make(dir, name) {
    const authority = new Authority();
    authority.dir = join(dir, name);
    await mkdir(authority.dir, { recursive: true });
    const { dir: home } = authority;
    await openssl("req", "-x509", ...NEW_KEY, "-subj", `/CN=${name}`, "-days", "30", "-keyout", `${home}/ca-key.pem`, "-out", `${home}/ca.pem`);
    // `openssl ca` alone can make a certificate that has expired, and it keeps a register
    await writeFile(`${home}/index.txt`, "");
    await writeFile(
      `${home}/ca.cnf`,
      `[ca]\ndefault_ca = it\n[it]\ndatabase = ${home}/index.txt\nnew_certs_dir = ${home}\nrand_serial = yes\ndefault_md = sha256\npolicy = any\n[any]\ncommonName = supplied\n`,
    );
    return authority;
  }

  /** The authority's own certificate, as text. */
  certificate() {
    return readFile(join(this.dir, "ca.pem"), "utf8");
  }

  /** A certificate and its key, as texts. `names`: as in subjectAltName, `IP:127.0.0.1` or `DNS:nas.lan`. */
  async sign({ purpose, names = [], expired = false }) {
    const stem = join(this.dir, `signed-${++this.#signed}`);
    await openssl("req", "-new", ...NEW_KEY, "-subj", `/CN=${this.#signed}`, "-keyout", `${stem}.key`, "-out", `${stem}.csr`);
    const alternatives = names.length ? `subjectAltName=${names.join(",")}\n` : "";
    await writeFile(`${stem}.ext`, `extendedKeyUsage=${purpose}Auth\n${alternatives}`);
    const [from, until] = expired ? ["20200101000000Z", "20210101000000Z"] : ["20200101000000Z", "20800101000000Z"];
    const { dir } = this;
    await openssl(
      ...["ca", "-batch", "-notext", "-config", `${dir}/ca.cnf`, "-cert", `${dir}/ca.pem`, "-keyfile", `${dir}/ca-key.pem`],
      ...["-in", `${stem}.csr`, "-extfile", `${stem}.ext`, "-startdate", from, "-enddate", until, "-out", `${stem}.pem`],
    );
    return { certificate: await readFile(`${stem}.pem`, "utf8"), key: await readFile(`${stem}.key`, "utf8") };
  }
}
