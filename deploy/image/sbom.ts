/** One thing that is in the image: a package of Debian or npm, or Node. */
export interface Part {
  readonly name: string
  readonly version: string
  /** Package URL, which scanners look vulnerabilities up by. */
  readonly purl: string
  /** As an SPDX expression, where the package says it so. */
  readonly licence?: string
  readonly checksum?: { readonly algorithm: 'SHA256' | 'SHA512'; readonly hex: string }
  /** What is to be said of it besides. */
  readonly comment?: string
}

export interface SbomSubject {
  readonly version: string
  readonly architecture: string
  /** Of the image's manifest: sha256:… */
  readonly digest: string
  /** Seconds since 1970. */
  readonly created: number
  /** What is to be said of the image as a whole. */
  readonly comment?: string
}

/** The bill of materials of an image, SPDX 2.3 as JSON: what a scanner cannot see in one bundled file is named, too. */
export function sbom(subject: SbomSubject, parts: readonly Part[]): string {
  const { version, architecture, digest, created, comment } = subject
  const image = 'SPDXRef-image'
  const described = parts.toSorted((a, b) => (a.purl < b.purl ? -1 : 1)).map((part, index) => spdxPackage(part, index))
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `selvedge-${version}-${architecture}`,
    documentNamespace: `https://spdx.org/spdxdocs/selvedge-${version}-${architecture}-${digest.replace('sha256:', '')}`,
    creationInfo: {
      created: new Date(created * 1000).toISOString().replace('.000Z', 'Z'),
      creators: ['Tool: selvedge-build-image'],
    },
    ...(comment === undefined ? {} : { comment }),
    packages: [
      {
        ...unsaid(),
        SPDXID: image,
        name: 'selvedge',
        versionInfo: version,
        primaryPackagePurpose: 'CONTAINER',
        licenseDeclared: 'Apache-2.0',
        checksums: [{ algorithm: 'SHA256', checksumValue: digest.replace('sha256:', '') }],
      },
      ...described,
    ],
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: image },
      ...described.map(({ SPDXID }) => ({
        spdxElementId: image,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: SPDXID,
      })),
    ],
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

function spdxPackage({ name, version, purl, licence, checksum, comment }: Part, index: number) {
  return {
    ...unsaid(),
    SPDXID: `SPDXRef-part-${index}`,
    name,
    versionInfo: version,
    ...(licence === undefined ? {} : { licenseDeclared: licence }),
    ...(checksum === undefined ? {} : { checksums: [{ algorithm: checksum.algorithm, checksumValue: checksum.hex }] }),
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
    ...(comment === undefined ? {} : { comment }),
  }
}

/** Fields that SPDX asks for and that nothing here knows. */
function unsaid() {
  return {
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: 'NOASSERTION',
    copyrightText: 'NOASSERTION',
  }
}
