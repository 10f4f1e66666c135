// Health and server reflection from JavaScript: `node health_and_reflection.mjs HOST PORT CA`.
//
// The only definitions here are those of gRPC's own two services; what the server has is read from the server.

import fs from "node:fs";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";
import protobuf from "protobufjs"; // which proto-loader is made of

const [host, port, ca] = process.argv.slice(2);
const address = `${host}:${port}`;
const credentials = grpc.credentials.createSsl(fs.readFileSync(ca));
const options = { keepCase: true, enums: String, defaults: true, oneofs: true };

const text = (id) => ({ type: "string", id });
const bytes = (id) => ({ type: "bytes", id });
const own = grpc.loadPackageDefinition(protoLoader.fromJSON({
  options: { syntax: "proto3" },
  nested: {
    grpc: {
      nested: {
        health: {
          nested: {
            v1: {
              nested: {
                Request: { fields: { service: text(1) } },
                Response: {
                  fields: { status: { type: "Status", id: 1 } },
                  nested: { Status: { values: { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } } },
                },
                Health: { methods: { Check: { requestType: "Request", responseType: "Response" } } },
              },
            },
          },
        },
        reflection: {
          nested: {
            v1: {
              nested: {
                Request: {
                  oneofs: { message_request: { oneof: ["file_containing_symbol", "list_services"] } },
                  fields: { file_containing_symbol: text(4), list_services: text(7) },
                },
                Files: { fields: { file_descriptor_proto: { rule: "repeated", ...bytes(1) } } },
                Service: { fields: { name: text(1) } },
                Services: { fields: { service: { rule: "repeated", type: "Service", id: 1 } } },
                Response: {
                  oneofs: { message_response: { oneof: ["file_descriptor_response", "list_services_response"] } },
                  fields: {
                    file_descriptor_response: { type: "Files", id: 4 },
                    list_services_response: { type: "Services", id: 6 },
                  },
                },
                ServerReflection: {
                  methods: {
                    ServerReflectionInfo: {
                      requestType: "Request", requestStream: true, responseType: "Response", responseStream: true,
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
}, options)).grpc;

/** Call a unary method. */
function call(client, method, request) {
  return new Promise((resolve, reject) => client[method](request, (error, answer) => (error ? reject(error) : resolve(answer))));
}

/** Ask by server reflection. */
async function reflect(client, request) {
  const stream = client.ServerReflectionInfo();
  stream.write(request);
  stream.end();
  for await (const answer of stream) return answer;
}

const health = new own.health.v1.Health(address, credentials);
const reflection = new own.reflection.v1.ServerReflection(address, credentials);
try {
  console.log("health", (await call(health, "Check", { service: "" })).status);
  const { list_services_response: listed } = await reflect(reflection, { list_services: "" });
  const features = listed.service.map((each) => each.name).filter((name) => /^sila2\..*\.v\d+\.\w+$/.test(name));
  console.log("feature", (await call(health, "Check", { service: features[0] })).status);
  const unknown = await call(health, "Check", { service: "nobody" }).catch((error) => error);
  console.log("nobody", grpc.status[unknown.code]);
  console.log("runs", features.some((name) => name.endsWith(".RunController")));
  const wanted = features.find((name) => name.endsWith(".SiLAService"));
  const found = await reflect(reflection, { file_containing_symbol: wanted });
  const set = protobuf.Writer.create(); // a FileDescriptorSet: each file in field 1
  for (const file of found.file_descriptor_response.file_descriptor_proto) set.uint32(1 << 3 | 2).bytes(file);
  const loaded = grpc.loadPackageDefinition(protoLoader.loadFileDescriptorSetFromBuffer(Buffer.from(set.finish()), options));
  const Service = wanted.split(".").reduce((node, name) => node[name], loaded);
  const about = new Service(address, credentials);
  console.log("server", (await call(about, "Get_ServerType", {})).ServerType.value);
  about.close();
} finally {
  health.close();
  reflection.close();
}
