import { element } from './svg-element.ts'
import { DARK, LIGHT, REFUSED, seenRules, svgRules } from './svg-palette.ts'

/** Something drawn, in pixels from 0,0; not yet a document. */
export interface Drawing {
  readonly width: number
  readonly height: number
  /** Markup. */
  readonly content: string
}

/** Light and dark by the reader's own setting; states differ by line as well, so that colour is never all that tells. */
const STYLE = `
${svgRules('svg', LIGHT)}
@media (prefers-color-scheme: dark) {
${svgRules('svg', DARK)}
}
`

/** The same of what was seen. */
const SEEN_STYLE = `
${seenRules('svg', LIGHT, REFUSED.light)}
@media (prefers-color-scheme: dark) {
${seenRules('svg', DARK, REFUSED.dark)}
}
`

/** A whole picture, which stands by itself: no script, no font, nothing to fetch. `hasSeen`: flows are laid over it. */
export function svgDocument({ width, height, content }: Drawing, hasSeen = false): string {
  const style = hasSeen ? STYLE + SEEN_STYLE : STYLE
  const paper = element('rect', { class: 'paper', width: '100%', height: '100%' })
  return `${svgRoot({ width, height, content: `<style>${style}</style>\n${paper}\n${content}` })}\n`
}

/** The picture as part of a page, which brings the style. */
export function svgRoot({ width, height, content }: Drawing): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
    width: Math.ceil(width),
    height: Math.ceil(height),
    role: 'img',
    'aria-labelledby': 'picture-title',
  }
  return element('svg', attributes, `\n<title id="picture-title">Who can reach whom</title>\n${content}\n`)
}
