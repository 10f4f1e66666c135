// Upload a protocol, run it under a lock, pause and resume it, cancel it, and read the error.
//
// In this folder, with Node.js and in the environment in which sila-ot2 is installed:
//
//     npm install
//     sila-ot2 export protos protos
//     node run_and_cancel.mjs localhost:50064 ../../ot2.pem protos
//
// ot2.pem is the server's certificate: `sila-ot2 serve --robot http://127.0.0.1:31950 --export-ca ot2.pem` writes it.

import { readFileSync } from 'node:fs'
import { SilaServer } from './sila.mjs'

const PROTOCOL = `
metadata = {"apiLevel": "2.12"}

def run(protocol):
    protocol.delay(minutes=60)
`
const OURS = 'io.github.silaot/instruments.liquidhandling'
const LOCK = 'org.silastandard/core/LockController/v1'
const CONTROLLERS = 'org.silastandard/core.commands'

const [address, caFile, protos] = process.argv.slice(2)
const server = new SilaServer(address, readFileSync(caFile), protos)
const about = server.feature('org.silastandard/core/SiLAService/v1')
const protocols = server.feature(`${OURS}/ProtocolService/v1`)
const runs = server.feature(`${OURS}/RunController/v1`)
const locks = server.feature(LOCK)
const pausing = server.feature(`${CONTROLLERS}/PauseController/v1`)
const cancelling = server.feature(`${CONTROLLERS}/CancelController/v1`)

const text = value => ({ value })

async function until (feature, property, wanted) {
  for await (const value of feature.watch(property)) if (value.value === wanted) return
}

async function errorOf (promise) {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it succeeded')
}

try {
  console.log('server', (await about.read('ServerType')).value)

  await locks.call('LockServer', { LockIdentifier: text('mine'), Timeout: { value: 600 } })
  const lock = server.metadata(LOCK, 'LockIdentifier', 'mine')

  // Any protocol may be sent in one message up to 2 MiB; this one is made larger to show an upload.
  const bytes = Buffer.concat([Buffer.from(PROTOCOL + '\n# '), Buffer.alloc(5_000_000, 'x')])
  const parameter = `${OURS}/ProtocolService/v1/Command/UploadProtocol/Parameter/Content`
  const upload = await protocols.begin('UploadProtocol', {
    FileName: text('delay.py'),
    Content: await server.upload(bytes, parameter, lock),
    SupportFiles: [],
    LabwareDefinitions: [],
    ProtocolKey: text('')
  }, lock)
  const { ProtocolIdentifier } = await upload.result()
  console.log('uploaded')

  const request = {
    ProtocolIdentifier,
    ParameterValues: [],
    ParameterFiles: [],
    LabwareOffsets: [],
    UseStoredOffsets: { value: false }, // every parameter is sent, also with the value that protobuf would leave out
    RunLabel: text('from Node'),
    RequestKey: text('') // the name of your plate or step: a repeated call with it follows the run, and starts no second one
  }
  const refused = await errorOf(runs.begin('RunProtocol', request))
  console.log('without the lock', refused.kind, refused.identifier)
  const missing = await errorOf(runs.begin('RunProtocol', { ...request, RunLabel: null }, lock))
  console.log('without a parameter', missing.kind, missing.parameter)

  const run = await runs.begin('RunProtocol', request, lock)
  let status
  const ended = errorOf(run.result(info => { status = info.commandStatus }))
  await until(runs, 'RunStatus', 'Running')

  const uuid = { CommandExecutionUUID: { UUID: run.uuid } }
  await pausing.call('Pause', uuid)
  await until(runs, 'RunStatus', 'Paused')
  console.log('paused', (await pausing.read('Paused')).value)
  await pausing.call('Resume', uuid, lock) // the robot moves again: this needs the lock, pausing does not
  await until(runs, 'RunStatus', 'Running')

  await cancelling.call('CancelCommand', uuid)
  const error = await ended
  console.log('ended', status)
  console.log('error', error.kind, error.identifier)

  await locks.call('UnlockServer', { LockIdentifier: text('mine') })
} finally {
  server.close()
}
