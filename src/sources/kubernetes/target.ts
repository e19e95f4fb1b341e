/** Where the next request goes, and as whom. */
export interface Target {
  /** May have a path, which all requests are below (Rancher). */
  readonly server: URL
  /** Without a final blank or line feed, which files of tokens have and headers must not. */
  readonly headers: Readonly<Record<string, string>>
  readonly tls: TlsMaterial
  /** The kubeconfig's proxy-url. */
  readonly proxy: string | undefined
}

export interface TlsMaterial {
  readonly ca?: string | Buffer | undefined
  readonly cert?: string | Buffer | undefined
  readonly key?: string | Buffer | undefined
  readonly servername?: string | undefined
  readonly rejectUnauthorized?: boolean | undefined
}
