/** One time series of a scrape. */
export interface Series {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly series: readonly Series[]
}

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/
const NUMBER = /^(?:[+-]?Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/
const ESCAPES: Readonly<Record<string, string>> = { '\\\\': '\\', '\\n': '\n', '\\"': '"' }

/**
 * Reads the text format 0.0.4 and refuses what Prometheus or promtool would: a family that comes twice or in pieces, a
 * sample without its family, a series twice, a counter without _total, a histogram that does not add up.
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, { name: string; help: string; type: string; series: Series[] }>()
  const seen = new Set<string>()
  let current: { name: string; help: string; type: string; series: Series[] } | undefined
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue
    const help = /^# HELP (\S+) (.+)$/.exec(line)
    const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line)
    if (help !== null) {
      const [, name = '', words = ''] = help
      if (!METRIC.test(name)) throw new Error(`no name of a metric: ${name}`)
      if (families.has(name)) throw new Error(`${name} comes twice`)
      current = { name, help: words, type: '', series: [] }
      families.set(name, current)
    } else if (type !== null) {
      if (current === undefined || type[1] !== current.name || current.type !== '' || current.series.length > 0) {
        throw new Error(`TYPE out of place: ${line}`)
      }
      current.type = type[2] ?? ''
    } else {
      const series = parseSample(line)
      if (current === undefined || current.type === '' || !belongs(series.name, current)) {
        throw new Error(`a sample outside its family: ${line}`)
      }
      const key = `${series.name} ${keyOf(series.labels)}`
      if (seen.has(key)) throw new Error(`a series twice: ${line}`)
      seen.add(key)
      current.series.push(series)
    }
  }
  for (const family of families.values()) checkFamily(family)
  return families
}

function parseSample(line: string): Series {
  const [, name = '', labelText = '', number = ''] = SAMPLE.exec(line) ?? []
  if (name === '' || !NUMBER.test(number)) throw new Error(`no sample: ${line}`)
  const labels: Record<string, string> = {}
  for (let rest = labelText; rest !== ''; ) {
    const [whole, label, value] = LABEL.exec(rest) ?? []
    if (whole === undefined || label === undefined || value === undefined) throw new Error(`no labels: ${line}`)
    if (label in labels || label.startsWith('__')) throw new Error(`a label twice, or reserved: ${line}`)
    labels[label] = value.replace(/\\./g, (escape) => ESCAPES[escape] ?? escape)
    rest = rest.slice(whole.length)
    if (rest === '' && whole.endsWith(',')) throw new Error(`a comma too much: ${line}`)
  }
  return { name, labels, value: number.endsWith('Inf') ? Number(`${number}inity`) : Number(number) }
}

/** The same for the same labels in any order. */
function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(labels, Object.keys(labels).toSorted())
}

function belongs(name: string, family: Family): boolean {
  return family.type === 'histogram'
    ? /^(.*)_(bucket|sum|count)$/.exec(name)?.[1] === family.name
    : name === family.name
}

function checkFamily({ name, type, series }: Family): void {
  if (type === '') throw new Error(`${name} has no TYPE`)
  if ((type === 'counter') !== name.endsWith('_total')) throw new Error(`${name}: _total is for counters`)
  if (type === 'counter' && series.some(({ value }) => !(value >= 0))) throw new Error(`${name}: below zero`)
  if (type === 'histogram') checkHistogram(name, series)
}

function checkHistogram(name: string, series: readonly Series[]): void {
  const groups = Map.groupBy(series, ({ labels }) => keyOf({ ...labels, le: '' }))
  for (const group of groups.values()) {
    const buckets = group.filter((each) => each.name === `${name}_bucket`)
    const bounds = buckets.map(({ labels }) => Number((labels['le'] ?? '').replace(/Inf$/, 'Infinity')))
    const values = buckets.map(({ value }) => value)
    const rising = (list: readonly number[]): boolean =>
      list.every((each, index) => each >= (list[index - 1] ?? -Infinity))
    const count = group.find((each) => each.name === `${name}_count`)?.value
    const sum = group.find((each) => each.name === `${name}_sum`)?.value
    const whole = rising(bounds) && rising(values) && bounds.at(-1) === Infinity && values.at(-1) === count
    if (!whole || sum === undefined) throw new Error(`${name} does not add up`)
  }
}
