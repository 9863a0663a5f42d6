// Holds every answer of the API against api/openapi.yaml.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

export const document = parse(readFileSync(new URL("../../api/openapi.yaml", import.meta.url), "utf8"), { maxAliasCount: -1 });
const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false });
addFormats(ajv);
ajv.addSchema(document, "okno");

const routes = Object.entries(document.paths).map(([path, operations]) => ({
  path,
  operations,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`),
}));
const validators = new Map();

function validatorOf(path, method, status) {
  const operation = document.paths[path][method];
  // What any request may answer, as the description says at its top.
  const common = ["400", "401", "403", "405", "413", "429", "431", "500", "503"].includes(status);
  const response = operation.responses[status] ?? (common ? { $ref: "#/components/responses/Invalid" } : undefined);
  if (!response) throw new Error(`${method} ${path} answered ${status}, which openapi.yaml does not name`);
  const key = `${path} ${method} ${status}`;
  if (!validators.has(key)) {
    const escaped = (text) => text.replaceAll("~", "~0").replaceAll("/", "~1");
    const place = response.$ref ?? `#/paths/${escaped(path)}/${method}/responses/${status}`;
    const content = response.$ref
      ? response.$ref.slice(2).split("/").reduce((at, part) => at[part], document).content
      : response.content;
    const type = content && Object.keys(content)[0];
    validators.set(key, type ? ajv.compile({ $ref: `okno${place}/content/${escaped(type)}/schema` }) : null);
  }
  return validators.get(key);
}

// Whether api/openapi.yaml takes the body; formats are words for people.
const requests = new Ajv2020({ strict: false, validateFormats: false, discriminator: false });
requests.addSchema(document, "okno");
export function isBodyGood(path, method, body) {
  const place = path.replaceAll("~", "~0").replaceAll("/", "~1");
  return requests.validate({ $ref: `okno#/paths/${place}/${method}/requestBody/content/application~1json/schema` }, body);
}

// A refusal is a problem document with a stable code, and says when to come back if it is for now only.
export function checkProblem(what, status, headers, text) {
  if (headers.get("content-type") !== "application/problem+json")
    throw new Error(`${what} answered ${status} as ${headers.get("content-type")}: ${text}`);
  const problem = JSON.parse(text);
  if (problem.status !== status || !/^[a-z_]+$/.test(problem.code) || !problem.detail)
    throw new Error(`${what} answered ${status} with ${text}`);
  if ((status === 503 || status === 429) && !headers.get("retry-after")) throw new Error(`${what}: no Retry-After`);
  if (status === 405 && !headers.get("allow")) throw new Error(`${what}: no Allow`);
  return problem;
}

// Throws what differs.
export function checkAnswer(method, path, status, text, headers) {
  if (path.startsWith("/api/") && status >= 400) checkProblem(`${method} ${path}`, status, headers, text);
  const route = routes.find((one) => one.pattern.test(path) && one.operations[method.toLowerCase()]);
  if (!route) {
    if (path.startsWith("/api/") && status < 400) throw new Error(`${method} ${path} is not in openapi.yaml`);
    return;
  }
  const validate = validatorOf(route.path, method.toLowerCase(), String(status));
  if (!validate) {
    if (text) throw new Error(`${method} ${path} answered ${status} with a body: ${text}`);
    return;
  }
  if (!validate(JSON.parse(text)))
    throw new Error(`${method} ${path} ${status} differs from openapi.yaml: ${ajv.errorsText(validate.errors)}\n${text}`);
}
