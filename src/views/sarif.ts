import type { Finding } from '../../compiler/lint/lint-cluster.ts'
import type { LintRule } from '../../compiler/lint/lint-rule.ts'

type SarifFinding = Pick<Finding, 'severity' | 'message' | 'hint' | 'object' | 'place'> & { readonly rule: string }
type SarifRule = Pick<LintRule, 'name' | 'summary' | 'severity'>

/** Findings for code review tools (SARIF 2.1.0, OASIS): one run, with all rules, and each result at its place. */
export function sarif(findings: readonly SarifFinding[], rules: readonly SarifRule[], version: string): object {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'selvedge',
            version,
            rules: rules.map(({ name, summary, severity }) => ({
              id: name,
              shortDescription: { text: summary },
              defaultConfiguration: { level: severity },
            })),
          },
        },
        results: findings.map(({ rule, severity, message, hint, object, place }) => ({
          ruleId: rule,
          ruleIndex: rules.findIndex(({ name }) => name === rule),
          level: severity,
          message: { text: hint === '' ? `${object}: ${message}` : `${object}: ${message}; ${hint}` },
          locations: [
            place === undefined
              ? { logicalLocations: [{ fullyQualifiedName: object }] }
              : {
                  physicalLocation: {
                    artifactLocation: { uri: uriOf(place.file) },
                    region: { startLine: place.line, startColumn: place.column },
                  },
                },
          ],
        })),
      },
    ],
  }
}

/** A relative reference (RFC 3986): a colon in its first segment would make it a scheme. */
function uriOf(file: string): string {
  const encoded = file.split('/').map(encodeURIComponent).join('/')
  return file.startsWith('/') ? `file://${encoded}` : encoded
}
