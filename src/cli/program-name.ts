/** What was typed to start it: bin/selvedge.js tells of kubectl's plugin. */
export function programName(): string {
  const plugin = 'kubectl selvedge'
  return process.env['SELVEDGE_CALLED'] === plugin ? plugin : 'selvedge'
}
