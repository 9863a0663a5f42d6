// An S3 server for tests: s3rver keeps the objects, and AWS's own library checks every signature, which s3rver does not.
//
//   node s3_server.mjs FOLDER      says on which address it listens; the bucket is `okno`, keys and region as below
//   POST /faults {"status": 503, "times": 2}     the next two requests are answered so
//   POST /age {"seconds": 3600}    the objects that are there are this much older
//   GET /requests                  what came, as [{method, path, status}]
import crypto from "node:crypto";
import { readdirSync, statSync, utimesSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import S3rver from "s3rver";

// s3rver hides where a list goes on by DES, which OpenSSL 3 knows as triple DES only: with one key thrice it is the same.
for (const name of ["createCipheriv", "createDecipheriv"]) {
  const original = crypto[name];
  crypto[name] = (cipher, key, iv) => (cipher === "des" ? original("des-ede3-cbc", Buffer.concat([key, key, key]), iv) : original(cipher, key, iv));
}

const keys = { accessKeyId: "okno-test", secretAccessKey: "hush/of+tests" };
const region = "eu-central-1";
const signer = new SignatureV4({ service: "s3", region, credentials: keys, sha256: Sha256, uriEscapePath: false });

const store = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory: process.argv[2], configureBuckets: [{ name: "okno" }] });
const { port: storePort } = await store.run();

function refusal(status, code) {
  return { status, headers: { "Content-Type": "application/xml" }, body: Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`) };
}

// Null when the request is signed by whoever knows the keys, over the bytes that came.
async function reasonAgainst(request, body) {
  const found = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/.*SignedHeaders=([^,]+),/.exec(request.headers.authorization ?? "");
  if (!found) return refusal(403, "AccessDenied");
  if (found[1] !== keys.accessKeyId) return refusal(403, "InvalidAccessKeyId");
  if (request.headers["x-amz-content-sha256"] !== crypto.createHash("sha256").update(body).digest("hex")) return refusal(400, "XAmzContentSHA256Mismatch");
  const headers = Object.fromEntries(found[2].split(";").map((name) => [name, request.headers[name]]));
  if (!["host", "x-amz-date", "x-amz-content-sha256"].every((name) => name in headers)) return refusal(403, "AccessDenied");
  const [date, time] = request.headers["x-amz-date"].split("T");
  const signingDate = new Date(`${date.replace(/(....)(..)(..)/, "$1-$2-$3")}T${time.replace(/(..)(..)(..)/, "$1:$2:$3")}`);
  const { pathname, searchParams } = new URL(request.url, "http://x");
  const message = { method: request.method, protocol: "http:", hostname: "127.0.0.1", path: pathname, query: Object.fromEntries(searchParams), headers };
  const signed = await signer.sign(message, { signingDate });
  return signed.headers.authorization === request.headers.authorization ? null : refusal(403, "SignatureDoesNotMatch");
}

// Without the signature, which s3rver would check by keys of its own.
function fromStore(request, body) {
  const { authorization, connection, ...headers } = request.headers;
  return new Promise((resolve, reject) => {
    const inner = http.request({ port: storePort, host: "127.0.0.1", method: request.method, path: request.url, headers }, async (answer) => {
      resolve({ status: answer.statusCode, headers: answer.headers, body: await bytesOf(answer) });
    });
    inner.on("error", reject);
    inner.end(body);
  });
}

async function bytesOf(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

const requests = [];
let faults = { status: 503, times: 0 };

async function answer(request, body) {
  if (request.url === "/faults") {
    faults = JSON.parse(body);
    return { status: 204, headers: {}, body: Buffer.alloc(0) };
  }
  if (request.url === "/age") {
    for (const entry of readdirSync(process.argv[2], { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.path, entry.name);
      const put = statSync(path).mtimeMs / 1000 - JSON.parse(body).seconds;
      utimesSync(path, put, put);
    }
    return { status: 204, headers: {}, body: Buffer.alloc(0) };
  }
  if (request.url === "/requests") return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(requests)) };
  const entry = { method: request.method, path: request.url };
  requests.push(entry);
  const fault = faults.times-- > 0 ? refusal(faults.status, "SlowDown") : null;
  const out = fault ?? (await reasonAgainst(request, body)) ?? (await fromStore(request, body));
  entry.status = out.status;
  return out;
}

const server = http.createServer(async (request, response) => {
  const body = await bytesOf(request);
  const out = await answer(request, body);
  const { connection, "transfer-encoding": coding, ...headers } = out.headers;
  response.writeHead(out.status, request.method === "HEAD" ? headers : { ...headers, "content-length": out.body.length });
  response.end(request.method === "HEAD" ? undefined : out.body);
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
// Of a journey that ended without a word.
process.on("disconnect", () => process.exit());
