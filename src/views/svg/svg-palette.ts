/** The colours of a picture; the page hands in its own names for them. */
export interface SvgPalette {
  readonly paper: string
  readonly ink: string
  readonly faint: string
  readonly ground: string
  readonly line: string
  readonly guard: string
  readonly open: string
  readonly all: string
}

export const LIGHT: SvgPalette = {
  paper: '#ffffff',
  ink: '#1c2733',
  faint: '#55616d',
  ground: '#f3f5f7',
  line: '#c3ccd4',
  guard: '#0b5cad',
  open: '#a34c05',
  all: '#ecd2b0',
}

export const DARK: SvgPalette = {
  paper: '#14191f',
  ink: '#e6ebf0',
  faint: '#a7b1bc',
  ground: '#1d242c',
  line: '#3c4854',
  guard: '#6cb2ff',
  open: '#f0a35e',
  all: '#5d4425',
}

/** Of the drawings alone: what flows that were seen add to it, by line as much as by colour. */
export function seenRules(within: string, { guard, faint }: SvgPalette, refused: string): string {
  return [
    `.arrow.used { stroke: ${guard}; stroke-width: 2.6; }`,
    `.head.used { fill: ${guard}; }`,
    `.arrow.not-known { stroke-width: 2.6; }`,
    `.arrow.never { stroke: ${faint}; stroke-dasharray: 6 4; }`,
    `.arrow.gone, .arrow.refused { stroke: ${refused}; stroke-width: 1.8; }`,
    `.arrow.refused { stroke-dasharray: 2 3; }`,
    `.bar { stroke: ${refused}; stroke-width: 2.6; fill: none; }`,
    `.may { fill: none; stroke: ${guard}; stroke-width: 1.2; }`,
    `.tried { stroke: ${refused}; stroke-width: 2; fill: none; }`,
  ]
    .map((rule) => `${within} ${rule}`)
    .join('\n')
}

export const REFUSED = { light: '#b3261e', dark: '#ff8a80' } as const

/** Colours are written out, not named by variables: many programs that show SVG know no variables. */
export function svgRules(within: string, palette: SvgPalette): string {
  const { paper, ink, faint, ground, line, guard, open, all } = palette
  return [
    `text { font: 12px system-ui, sans-serif; fill: ${ink}; }`,
    `.faint { fill: ${faint}; font-size: 11px; }`,
    '.title { font-weight: 600; }',
    `.paper { fill: ${paper}; }`,
    `.namespace { fill: ${ground}; stroke: ${line}; }`,
    `.box { fill: ${paper}; stroke: ${guard}; stroke-width: 1.5; }`,
    `.box.open { stroke: ${open}; stroke-dasharray: 5 3; }`,
    `.box.host { stroke: ${open}; stroke-dasharray: 2 2; }`,
    `.guard { fill: ${guard}; }`,
    `.arrow { fill: none; stroke: ${faint}; stroke-width: 1.3; }`,
    `.head { fill: ${faint}; }`,
    `.plate { fill: ${paper}; opacity: 0.9; }`,
    `.rule { stroke: ${line}; stroke-width: 1; }`,
    `.stripe { fill: ${ground}; }`,
    `.all { fill: ${all}; }`,
    `.some { fill: ${guard}; }`,
  ]
    .map((rule) => `${within} ${rule}`)
    .join('\n')
}
