import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** PEM texts, for tests of TLS: no file of keys in the repository, none that expires. */
export interface Certificate {
  readonly certificate: string
  readonly key: string
}

export interface CertificateOptions {
  readonly commonName: string
  /** As IPv4 address. */
  readonly address?: string
  /** Signed by itself without; then it is also a CA. */
  readonly issuer?: { readonly commonName: string; readonly key: string }
}

/** An X.509 certificate (RFC 5280) over a new P-256 key, valid for a day around now. */
export function makeCertificate({ commonName, address, issuer }: CertificateOptions): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signer: KeyObject = issuer === undefined ? privateKey : createPrivateKey(issuer.key)
  const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'))
  const day = 86_400_000
  const extensions = [
    // basicConstraints, critical: is it a CA
    extension('551d13', true, issuer === undefined ? sequence(Buffer.from('0101ff', 'hex')) : sequence()),
    ...(address === undefined
      ? []
      : [extension('551d11', false, sequence(der(0x87, Buffer.from(address.split('.').map(Number)))))]),
  ]
  const body = sequence(
    der(0xa0, Buffer.from('020102', 'hex')),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name(issuer?.commonName ?? commonName),
    sequence(time(Date.now() - day), time(Date.now() + day)),
    name(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, signer)]))
  const text = sequence(body, ecdsaWithSha256, signature)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function extension(identifier: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [Buffer.from('0101ff', 'hex')] : []
  return sequence(der(0x06, Buffer.from(identifier, 'hex')), ...flag, der(0x04, value))
}

/** CN alone; for client certificates it is the user's name. */
function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(commonName)))))
}

function time(milliseconds: number): Buffer {
  const text = new Date(milliseconds).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '')
  return der(0x18, Buffer.from(text))
}
