// A plate by the calls that Node-RED's node @synefex/node-red-sila2 1.0 makes: `node node_red_calls.mjs HOST PORT CA PROTOCOL PROTOS`.
//
// The node is in no package index, so its way of calling is written down here: it loads .proto files with these options,
// and all it can do are unary calls with nested JSON. It waits for an observable command by asking for its result.

import fs from "node:fs";
import path from "node:path";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const [host, port, ca, protocol, protos] = process.argv.slice(2);
const files = fs.readdirSync(protos).filter((name) => name.endsWith(".proto")).map((name) => path.join(protos, name));
const options = { includeDirs: [protos], keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };
const loaded = grpc.loadPackageDefinition(protoLoader.loadSync(files, options)).sila2.io.github.silaot.instruments.liquidhandling;
const Service = loaded.ot2workflowservice.v1.OT2WorkflowService;
const client = new Service(`${host}:${port}`, grpc.credentials.createSsl(fs.readFileSync(ca)));

function call(method, request) {
  return new Promise((resolve, reject) => client[method](request, (error, answer) => (error ? reject(error) : resolve(answer))));
}

const text = (value) => ({ value });
const status = await call("Get_PolledDeviceStatus", {});
console.log("status", status.PolledDeviceStatus.value);
const begun = await call("RunProtocolText", {
  FileName: text("plate.py"),
  ProtocolText: text(fs.readFileSync(protocol, "utf8")),
  ParameterValuesText: text("columns=2"),
  ParameterFilesText: text(""),
  RunLabel: text("plate 1"),
  RequestKey: text(""),
});
const uuid = { value: begun.commandExecutionUUID.value };
let result;
while (result === undefined) {
  try {
    result = await call("RunProtocolText_Result", uuid);
  } catch (error) {
    const unfinished = error.code === grpc.status.ABORTED && Buffer.from(error.details, "base64").includes("has not finished yet");
    if (!unfinished) throw error;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
console.log("run", result.Result.value);
const stored = await call("RetrieveRunResult", { RunIdentifier: text(result.RunIdentifier.value) });
console.log("result", stored.Result.value);
client.close();
