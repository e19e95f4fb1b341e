/**
 * What part of our table was not as it should be, for a metric's label. `table`: it was missing. `frame`: a chain that
 * never changes. `foreign`: something that we never write.
 */
export type DriftClass = 'table' | 'frame' | 'chains' | 'sets' | 'elements' | 'foreign'

export const DRIFT_CLASSES: readonly DriftClass[] = ['table', 'frame', 'chains', 'sets', 'elements', 'foreign']
