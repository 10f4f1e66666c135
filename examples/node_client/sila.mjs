// What a SiLA client needs beside gRPC: metadata, errors, observable commands, large binaries.

import { readdirSync } from 'node:fs'
import grpc from '@grpc/grpc-js'
import protoLoader from '@grpc/proto-loader'

const CHUNK_BYTES = 2 * 1024 * 1024
const WAITING_OR_RUNNING = ['waiting', 'running']

/** A SiLA error. `identifier` is set for errors that the feature declares, `parameter` for parameters that are wrong. */
export class SilaError extends Error {
  constructor (kind, { message, errorIdentifier, parameter, errorType }) {
    super(message)
    this.kind = kind // validationError, definedExecutionError, undefinedExecutionError, frameworkError, BinaryTransferError
    this.identifier = errorIdentifier?.split('/').at(-1) ?? errorType
    this.parameter = parameter?.split('/').at(-1)
  }
}

export class SilaServer {
  /**
   * @param {string} address host:port; the host is a name in the server's certificate
   * @param {Buffer} ca the certificate to trust (PEM)
   * @param {string} protos the folder that `sila-ot2 export protos` wrote
   */
  constructor (address, ca, protos) {
    const files = readdirSync(protos).filter(name => name.endsWith('.proto'))
    const options = { includeDirs: [protos], keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true }
    this.definitions = protoLoader.loadSync(files, options)
    this.root = grpc.loadPackageDefinition(this.definitions)
    this.address = address
    this.credentials = grpc.credentials.createSsl(ca)
    this.clients = []
    this.uploads = this.#connect(this.root.sila2.org.silastandard.BinaryUpload)
  }

  /** A feature by its fully qualified identifier, such as org.silastandard/core/LockController/v1. */
  feature (qualified) {
    const [originator, category, identifier, version] = qualified.split('/')
    const path = ['sila2', ...originator.split('.'), ...category.split('.'), identifier.toLowerCase(), version]
    const Service = path.reduce((node, name) => node[name], this.root)[identifier]
    return new Feature(this, qualified, this.#connect(Service))
  }

  close () {
    for (const client of this.clients) client.close()
  }

  #connect (Service) {
    const client = new Service(this.address, this.credentials)
    this.clients.push(client)
    return client
  }

  /** The gRPC metadata of a SiLA client metadata, for example the lock identifier. */
  metadata (qualified, identifier, value) {
    const [originator, category, feature, version] = qualified.split('/')
    const name = ['sila2', originator, category, feature.toLowerCase(), version, `Metadata_${identifier}`].join('.')
    const metadata = new grpc.Metadata()
    const key = `sila-${qualified}/metadata/${identifier}-bin`.toLowerCase().replaceAll('/', '-')
    metadata.set(key, this.definitions[name].serialize({ [identifier]: { value } }))
    return metadata
  }

  /** Upload a binary of more than 2 MiB for a parameter; returns what is sent in the call instead of its value. */
  async upload (bytes, parameterIdentifier, metadata = new grpc.Metadata()) {
    const chunkCount = Math.ceil(bytes.length / CHUNK_BYTES)
    const request = { binarySize: bytes.length, chunkCount, parameterIdentifier }
    const { binaryTransferUUID } = await this.unary(this.uploads, 'CreateBinary', request, metadata)
    const stream = this.uploads.UploadChunk()
    const done = new Promise((resolve, reject) => {
      stream.on('error', error => reject(this.errorOf(error, 'BinaryTransferError'))).on('end', resolve).on('data', () => {})
    })
    for (let chunkIndex = 0; chunkIndex < chunkCount; chunkIndex++) {
      const payload = bytes.subarray(chunkIndex * CHUNK_BYTES, (chunkIndex + 1) * CHUNK_BYTES)
      if (!stream.write({ binaryTransferUUID, chunkIndex, payload })) {
        await Promise.race([done, new Promise(resolve => stream.once('drain', resolve))])
      }
    }
    stream.end()
    await done
    return { binaryTransferUUID }
  }

  unary (client, method, request, metadata) {
    const kind = client === this.uploads ? 'BinaryTransferError' : 'SiLAError'
    return new Promise((resolve, reject) => {
      client[method](request, metadata, (error, response) => error ? reject(this.errorOf(error, kind)) : resolve(response))
    })
  }

  /**
   * The SiLA error in a gRPC error: SiLA errors have the status ABORTED, and their bytes in base64 as details.
   * Which message they are depends on the service that was called.
   */
  errorOf (error, kind = 'SiLAError') {
    if (error.code !== grpc.status.ABORTED) return error
    const fault = this.definitions[`sila2.org.silastandard.${kind}`].deserialize(Buffer.from(error.details, 'base64'))
    return kind === 'SiLAError' ? new SilaError(fault.error, fault[fault.error]) : new SilaError(kind, fault)
  }
}

class Feature {
  constructor (server, qualified, client) {
    Object.assign(this, { server, qualified, client })
  }

  /** Call an unobservable command, or begin an observable one. */
  call (command, parameters = {}, metadata = new grpc.Metadata()) {
    return this.server.unary(this.client, command, parameters, metadata)
  }

  /** Begin an observable command; returns its execution. */
  async begin (command, parameters, metadata) {
    const { commandExecutionUUID } = await this.call(command, parameters, metadata)
    return new Execution(this, command, commandExecutionUUID)
  }

  /** Read a property once, observable or not. */
  async read (property) {
    if (this.client[`Get_${property}`]) return (await this.call(`Get_${property}`))[property]
    for await (const value of this.watch(property)) return value
  }

  /** Follow an observable property: its present value, then every change. */
  async * watch (property) {
    const stream = this.client[`Subscribe_${property}`]({})
    stream.on('error', () => {}) // reaches the loop below as well
    try {
      for await (const response of stream) yield response[property]
    } catch (error) {
      throw this.server.errorOf(error)
    } finally {
      stream.cancel()
    }
  }
}

class Execution {
  constructor (feature, command, uuid) {
    Object.assign(this, { feature, command, uuid })
  }

  /** Follow the command to its end, and pass its status and progress to `onInfo`; returns its responses or throws its error. */
  async result (onInfo = () => {}) {
    const stream = this.feature.client[`${this.command}_Info`](this.uuid)
    try {
      for await (const info of stream) {
        onInfo(info)
        if (!WAITING_OR_RUNNING.includes(info.commandStatus)) break
      }
    } catch (error) {
      throw this.feature.server.errorOf(error)
    }
    return this.feature.call(`${this.command}_Result`, this.uuid)
  }
}
