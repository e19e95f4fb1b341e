import { testConformance } from './conformance-steps.ts'

testConformance('bridged')
