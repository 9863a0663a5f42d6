// nginx that answers every request with an empty 200: what a web server does that checks and keeps nothing.
//
// Debian's package is unpacked beside the build and not installed, so that no service starts on the machine.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function unpacked(folder) {
  const program = join(folder, "usr/sbin/nginx");
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  execFileSync("apt-get", ["download", "nginx"], { cwd: folder, stdio: "ignore" });
  const file = readdirSync(folder).find((name) => name.endsWith(".deb"));
  execFileSync("dpkg-deb", ["-x", join(folder, file), folder]);
  return program;
}

// {port, stop}; null where the package is not to be had.
export async function startNginx(folder) {
  let program;
  try {
    program = unpacked(folder);
  } catch {
    return null;
  }
  const port = await freePort();
  const configuration = join(folder, "bench.conf");
  writeFileSync(configuration, `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr crit;
    ${process.getuid() === 0 ? "user root;" : ""} events { worker_connections 1024; }
    http { access_log off; keepalive_requests 1000000000; client_body_temp_path ${folder}/body;
      proxy_temp_path ${folder}/a; fastcgi_temp_path ${folder}/b; uwsgi_temp_path ${folder}/c; scgi_temp_path ${folder}/d;
      server { listen 127.0.0.1:${port} backlog=1024; location / { return 200; } } }`);
  const child = spawn(program, ["-p", folder, "-e", "stderr", "-c", configuration], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const limit = Date.now() + 5000;
  while (!(await fetch(`http://127.0.0.1:${port}/`).then((reply) => reply.ok, () => false)))
    if (child.exitCode !== null || Date.now() > limit) return null;
  return { port, stop: async () => { child.kill("SIGTERM"); await ended; } };
}
