/** Text that is safe inside an element or a quoted attribute. Control characters have no place in XML at all. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** One element; `content` is markup already, attributes are text. Numbers are rounded, so that pictures stay small and equal. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  content = '',
): string {
  const written = Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escapeXml(attributeText(value))}"`]))
    .join('')
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`
}

/** One decimal is a tenth of a pixel. */
export function attributeText(value: string | number): string {
  return typeof value === 'string' ? value : String(Math.round(value * 10) / 10)
}
