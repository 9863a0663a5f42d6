// The command line: what each command prints, where, and how it ends when something is wrong.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equal, play } from "./stage.mjs";

const isRoot = process.getuid() === 0;
const nobody = 65534;

function okno(args, { input = "", env = {}, uid, cwd } = {}) {
  const done = spawnSync(process.env.OKNO, args, { input, encoding: "utf8", env: { ...process.env, ...env }, uid, gid: uid, cwd, timeout: 20_000 });
  return { code: done.status, out: done.stdout, error: done.stderr };
}

function folder() {
  const path = mkdtempSync(join(tmpdir(), "okno-cli-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const create = (path, email, more = []) => ["admin", "user", "create", "--data-dir", path, "--workspace", "Yasno", "--email", email,
  "--role", "owner", "--password-stdin", ...more];
const password = "correct horse battery";

await play({
  async "users and tokens are made without a server and beside one, and the token stands alone on the output"(stage) {
    const fresh = folder();
    const data = join(fresh.path, "data");
    const made = okno(create(data, "Maria@Okno.Test"), { input: `${password}\n` });
    equal([made.code, made.error], [0, ""], made.error);
    equal(statSync(data).mode & 0o777, 0o700, "the directory's mode");
    equal(statSync(join(data, "secret.key")).mode & 0o777, 0o600, "the key's mode");
    const token = okno(["admin", "token", "create", "--data-dir", data, "--email", " maria@okno.test", "--name", "t"]);
    equal([token.code, /^[\w-]{40,}\n$/.test(token.out), token.error], [0, true, ""], token.out);
    const beside = okno(["admin", "token", "create", "--data-dir", stage.folder, "--email", "maria@okno.test", "--name", "t"]);
    equal([beside.code, /^[\w-]{40,}\n$/.test(beside.out), beside.error], [0, true, ""], "beside a server");
    const me = await fetch(`${stage.okno}/api/v1/me`, { headers: { authorization: `Bearer ${beside.out.trim()}` } });
    equal((await me.json()).user.email, "maria@okno.test", "whose token");
    equal(statSync(join(stage.folder, "okno.sock")).mode & 0o777, 0o600, "the socket's mode");
    fresh.remove();
  },

  async "what is wrong is said in one sentence on standard error, with an exit code"(stage) {
    const fresh = folder();
    const wrong = (args, code, words, options) => {
      const done = okno(args, options);
      equal([done.code, done.out, words.test(done.error)], [code, "", true], `${args.join(" ")}: ${done.code} ${done.out}${done.error}`);
    };
    for (const path of [fresh.path, stage.folder]) {
      wrong(create(path, "no e-mail"), 1, /--email: expected an e-mail/, { input: password });
      wrong(create(path, "a@b"), 1, /10 to 256 characters/, { input: "short" });
      wrong(create(path, "a@b"), 1, /10 to 256 characters/, { input: "x".repeat(300) });
      wrong(create(path, "a@b", ["--name", "x".repeat(101)]), 1, /--name: expected 1 to 100/, { input: password });
      wrong(["admin", "user", "create", "--data-dir", path, "--workspace", "W", "--email", "a@b", "--role", "king", "--password-stdin"],
        1, /--role: expected owner, admin or operator/, { input: password });
    }
    wrong(create(stage.folder, "MARIA@okno.test"), 1, /There is a user maria@okno.test already/, { input: password });
    wrong(["admin", "token", "create", "--data-dir", stage.folder, "--email", "nobody@okno.test", "--name", "t"], 1, /There is no user/);
    wrong(["admin", "doctor", "--data-dir", join(fresh.path, "none")], 1, /There is no Okno in/);
    wrong(["admin", "token", "create", "--data-dir", join(fresh.path, "none"), "--email", "a@b", "--name", "t"], 1, /There is no Okno in/);
    wrong(["admin", "user", "create"], 2, /--workspace is required/);
    wrong(["serve", "--no-such-flag"], 2, /no-such-flag/);
    wrong(["sevre"], 2, /sevre|subcommand/);
    wrong([], 2, /subcommand/);
    wrong(["serve", "--listen", "nowhere"], 2, /not of the form 127.0.0.1:8080/);
    wrong(["serve", "--listen", "127.0.0.1:99999"], 2, /not of the form/);
    wrong(["serve", "--threads", "many"], 2, /no whole number/);
    wrong(["serve", "--public-url", "okno.example"], 2, /no address such as https:/);
    wrong(["serve", "--trusted-proxies", "10.0.0.0/99"], 2, /neither an address nor a network/);
    wrong(["serve", "--data-dir", join(fresh.path, "d"), "--listen", new URL(stage.okno).host], 1, /cannot listen on .*in use/i);
    fresh.remove();
  },

  async "settings come from the file, the environment and the flags, in rising order, and wrong ones are named"() {
    const fresh = folder();
    const file = join(fresh.path, "okno.toml");
    const config = (text, args = [], env = {}) => {
      writeFileSync(file, text);
      return okno(["config", ...args], { env, cwd: fresh.path });
    };
    const rising = 'listen = "127.0.0.1:1"\npublic_url = "https://file.example/"\ntrusted_proxies = ["10.0.0.0/8", "::1"]\n[log]\nlevel = "debug"\n';
    const { out } = config(rising, ["--listen", "127.0.0.1:3"], { OKNO_LISTEN: "127.0.0.1:2", OKNO_LOG_LEVEL: "error" });
    for (const line of [/listen = ['"]127.0.0.1:3['"]/, /public_url = ['"]https:\/\/file.example['"]/, /level = ['"]error['"]/, /10.0.0.0\/8/, /allow_private = true/])
      equal(line.test(out), true, `${line} in ${out}`);
    writeFileSync(file, out);
    equal(okno(["config"], { cwd: fresh.path }).out, out, "what is printed is a settings file");
    const printed = config("", [], { OKNO_BUS: "nats://okno:hush@one:4222, tls://token@two" }).out;
    equal(/nats:\/\/okno:\*\*\*@one:4222,tls:\/\/\*\*\*@two/.test(printed), true, `passwords are not printed: ${printed}`);
    const s3 = config("media = 's3://okno'", [], { OKNO_S3_ACCESS_KEY: "its-name", OKNO_S3_SECRET_KEY: "hush" });
    equal([s3.code, /its-name|hush/.test(s3.out)], [0, false], `keys are not printed: ${s3.out}`);
    for (const [text, words] of [
      ["listn = 'x'", /okno.toml, line 1, listn: there is no such setting/],
      ["\n[log]\nformat = 7", /line 3, log.format: expected text/],
      ["threads = '2'", /expected a whole number/],
      ["threads = 0", /no whole number from 1/],
      ["data_dir = ['a']", /expected text/],
      ["trusted_proxies = '10.0.0.1'", /expected a list/],
      ["bus = 'http://localhost:4222'", /bus: expected nats:/],
      ["bus = 'nats://user:hush@:4222'", /bus: expected nats:/],
      ["bus = 'nats://host:port'", /bus: expected nats:/],
      ["media = 's3://okno'", /OKNO_S3_ACCESS_KEY and OKNO_S3_SECRET_KEY/],
      ["media = 's3://okno?endpoint=ftp:'", /media: endpoint: expected https:/],
      ["media = 'ftp://okno'", /media: expected a folder or s3:/],
      ["tls_key = 'a.key'", /tls_certificate: a certificate and its key are given together/],
      ["installation = 'a.b'", /installation: expected letters/],
      ["listen = ", /line 1/],
      ["[log]\nlevel = 'loud'", /log.level: expected debug/],
    ]) {
      const done = config(text);
      equal([done.code, done.out, words.test(done.error)], [2, "", true], `${text}: ${done.error}`);
    }
    equal(okno(["config", "--config", join(fresh.path, "none.toml")]).code, 2, "a named file that is not there");
    equal(okno(["--version"]).out, okno(["--version"]).out, "version");
    equal(/^okno \d+\.\d+\.\d+\n$/.test(okno(["--version"]).out), true, "version");
    fresh.remove();
  },

  async "another user than the owner of the data directory is refused, and so is a directory that takes nothing"(stage) {
    if (!isRoot) return console.log("skipped: only root can act as another user");
    const other = okno(["admin", "doctor", "--data-dir", stage.folder], { uid: nobody });
    equal(other.code, 1, other.error);
    chmodSync(stage.folder, 0o755);
    for (const command of [["admin", "doctor"], ["serve", "--listen", "127.0.0.1:0"]]) {
      const done = okno([...command, "--data-dir", stage.folder], { uid: nobody });
      equal([done.code, /belongs to another user \(root\)/.test(done.error)], [1, true], done.error);
    }
    chmodSync(stage.folder, 0o700);
    const fresh = folder();
    chmodSync(fresh.path, 0o755);
    const inside = okno(["serve", "--data-dir", join(fresh.path, "data"), "--listen", "127.0.0.1:0"], { uid: nobody });
    equal([inside.code, /cannot be made or written \(Permission denied\)/.test(inside.error)], [1, true], inside.error);
    mkdirSync(join(fresh.path, "mine"), { mode: 0o500 });
    spawnSync("chown", [String(nobody), join(fresh.path, "mine")]);
    const shut = okno(["serve", "--data-dir", join(fresh.path, "mine"), "--listen", "127.0.0.1:0"], { uid: nobody });
    equal([shut.code, /cannot be written \(Permission denied\)/.test(shut.error)], [1, true], shut.error);
    fresh.remove();
  },

  async "a file where the data directory should be, a foreign key and a damaged database are told apart"() {
    const fresh = folder();
    const serve = (path) => okno(["serve", "--data-dir", path, "--listen", "127.0.0.1:0"]);
    const file = join(fresh.path, "file");
    writeFileSync(file, "x");
    equal(/cannot be made or written/.test(serve(file).error), true, serve(file).error);
    const data = join(fresh.path, "data");
    equal(okno(create(data, "a@b"), { input: password }).code, 0, "a good one");
    writeFileSync(join(data, "secret.key"), "short");
    equal(/secret.key is not a key of 32 bytes/.test(serve(data).error), true, serve(data).error);
    rmSync(join(data, "secret.key"));
    equal(/secret.key is missing/.test(serve(data).error), true, serve(data).error);
    const broken = join(fresh.path, "broken");
    mkdirSync(broken);
    writeFileSync(join(broken, "okno.db"), "no database ".repeat(1000));
    writeFileSync(join(broken, "secret.key"), "0".repeat(32));
    const told = serve(broken);
    equal([told.code, /okno.db.*The file is damaged/.test(told.error)], [1, true], told.error);
    fresh.remove();
  },
});
