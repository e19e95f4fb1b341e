import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { describeWhere } from '../support/describe-where.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { kubectlPath, type Manifest, manifestsOf, renderKustomization } from './render.ts'

const CHART = 'deploy/helm/selvedge'

function helmPath(): string | undefined {
  try {
    return execFileSync(join(PROJECT_ROOT, 'scripts', 'helm'), ['--check'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}

const helm = helmPath()
const kubectl = kubectlPath()

function describeChart(name: string, body: () => void): void {
  const isThere = helm !== undefined && kubectl !== undefined
  describeWhere(isThere ? undefined : 'no helm or kubectl: run scripts/helm and scripts/kube-assets', name, body)
}

const byName = (left: Manifest, right: Manifest) =>
  `${left.kind} ${left.metadata.name}` < `${right.kind} ${right.metadata.name}` ? -1 : 1

describeChart('the chart renders what the kustomization holds', () => {
  const template = (...flags: readonly string[]) =>
    manifestsOf(
      execFileSync(
        helm ?? '',
        ['template', 'selvedge', CHART, '--namespace', 'kube-system', '--kube-version', '1.36.0', ...flags],
        {
          encoding: 'utf8',
          cwd: PROJECT_ROOT,
        },
      ),
    )

  test('its defaults are the base', () => {
    const base = renderKustomization(kubectl ?? '', 'deploy/kustomize/base')
    expect(template().toSorted(byName)).toEqual(base.toSorted(byName))
  })

  test('with monitoring it is the base with the component', () => {
    // A component is applied by a kustomization; this one is made for the test, beside the real ones.
    const folder = mkdtempSync(join(PROJECT_ROOT, 'deploy/kustomize/overlays/test-'))
    try {
      const kustomization = { resources: ['../../base'], components: ['../../components/monitoring'] }
      writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization))
      const base = renderKustomization(kubectl ?? '', folder)
      expect(base.map(({ kind }) => kind)).toContain('PodMonitor')
      expect(template('--set', 'monitoring.enabled=true').toSorted(byName)).toEqual(base.toSorted(byName))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('a value that it does not know, or of a wrong type, is refused', () => {
    expect(() => template('--set', 'imagee.tag=1')).toThrow(/imagee/)
    expect(() => template('--set', 'startJitter=soon')).toThrow(/startJitter/)
  })

  test('without the hold nothing of the host is mounted', () => {
    const daemonSet = JSON.stringify(template('--set-string', 'hold=off').find(({ kind }) => kind === 'DaemonSet'))
    expect(daemonSet).toContain('--hold=off')
    expect(daemonSet).not.toContain('hostPath')
    // YAML reads a bare off as false.
    expect(() => template('--set', 'hold=false')).toThrow(/hold/)
  })

  test('chart, image tag and package are one version', () => {
    const daemonSet = JSON.stringify(template().find(({ kind }) => kind === 'DaemonSet'))
    expect(daemonSet).toContain(`localhost/selvedge:${packageJson.version}`)
  })
})
