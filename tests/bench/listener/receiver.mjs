// The vendor's documented receiver on Express 4, and the same on Fastify: HMAC-SHA256 over the parsed body written again.
// Arguments: the folder that holds node_modules, and express4 or fastify. The secret is in VSAI_WEBHOOK_SECRET.
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";

const [folder, name] = process.argv.slice(2);
const framework = createRequire(`${folder}/`)(name);

const isSigned = (request) => {
  const payload = JSON.stringify(request.body);
  const expected = createHmac("sha256", process.env.VSAI_WEBHOOK_SECRET).update(payload).digest("hex");
  return request.headers["x-vsai-signature"] === expected;
};
const answer = (request, response) =>
  isSigned(request) ? response.status(200).send("OK") : response.status(401).send("Invalid signature");
const listening = (address) => console.error(`listening on http://127.0.0.1:${address.port}/`);

if (name === "fastify") {
  const app = framework();
  app.post("/", answer);
  await app.listen({ port: 0, host: "127.0.0.1" });
  listening(app.server.address());
} else {
  const app = framework();
  app.use(framework.json());
  app.post("/", answer);
  const server = app.listen(0, "127.0.0.1", () => listening(server.address()));
}
