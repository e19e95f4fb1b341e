import { expect, test } from 'vitest'
import { portNobodyListensOn } from '../../compiler/lint/rules/port-nobody-listens-on.ts'
import { documents, policy, service, workload } from '../explain/manifests.ts'
import { told, toldBy } from './told.ts'

test('the Service’s port', () => {
  expect(
    told(
      portNobodyListensOn,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        service('shop/web', '{selector: {app: web}, ports: [{port: 80, targetPort: http}]}'),
        policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: ports[0]: shop/web declares 8080/TCP, not 80/TCP'])
})

test('the right number and another protocol', () => {
  expect(
    told(
      portNobodyListensOn,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: 8080, protocol: UDP}]}]}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: ports[0]: shop/web declares 8080/TCP, not 8080/UDP'])
})

test('a port that one of several pods declares', () => {
  expect(
    told(
      portNobodyListensOn,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        workload('shop/api', { ports: ['9090'] }),
        policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: 8080}, {port: 9090}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('pods that declare nothing say nothing', () => {
  expect(
    told(
      portNobodyListensOn,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        workload('shop/api'),
        policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('ranges, names and whole protocols', () => {
  expect(
    told(
      portNobodyListensOn,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 90}, {port: x}, {protocol: UDP}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('egress speaks of other pods', () => {
  expect(
    told(
      portNobodyListensOn,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 80}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('beside a port that is there it is a note, unless it is a Service’s', () => {
  const web = workload('shop/web', { ports: ['http:8080'] })
  const both = (ports: string) => policy('shop/p', `{podSelector: {}, ingress: [{ports: [${ports}]}]}`)
  const front = service('shop/web', '{selector: {app: web}, ports: [{port: 80, targetPort: http}]}')
  expect(toldBy(portNobodyListensOn, documents(web, front, both('{port: 8080}, {port: 80}')))).toEqual([
    expect.stringMatching(/^warning: .*80 is the port of Service shop\/web/),
  ])
  expect(toldBy(portNobodyListensOn, documents(web, front, both('{port: 8080}, {port: 9090}')))).toEqual([
    expect.stringMatching(/^note: /),
  ])
  expect(toldBy(portNobodyListensOn, documents(web, front, both('{port: 9090}')))).toEqual([
    expect.stringMatching(/^warning: /),
  ])
})
