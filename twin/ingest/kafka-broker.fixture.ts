import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Admin } from '@platformatic/kafka'

/**
 * A real broker for tests: Apache Kafka in one process, its jars by Maven. `node twin/ingest/kafka-broker.fixture.ts` fetches them (46 MB)
 * where they are not there yet; in CI the tests do so themselves.
 */
const VERSION = '3.9.1'
const JARS = join(homedir(), '.cache', 'orrery', `kafka-${VERSION}`)

/** Why there can be no broker here, or null. */
export function whyNoBroker(): string | null {
  if (!has('java')) return 'java is missing'
  if (existsSync(JARS)) return null
  if (!process.env.CI) return 'the jars are missing; run node twin/ingest/kafka-broker.fixture.ts once'
  try {
    fetchJars()
    return null
  } catch {
    return 'Maven cannot fetch the jars'
  }
}

export type Broker = { readonly address: string; stop(): Promise<void> }

export async function startBroker(topic: string): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-kafka-'))
  const [port, controller] = [await freePort(), await freePort()]
  const address = `127.0.0.1:${port}`
  const file = join(folder, 'server.properties')
  writeFileSync(
    file,
    `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://${address},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://${address}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${join(folder, 'data')}
num.partitions=2
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
`,
  )
  const java = ['-Xmx256m', '-cp', join(JARS, '*')]
  execFileSync('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', '4L6g3nShT-eMCtK--X86sw', '-c', file], {
    stdio: 'ignore',
    timeout: 60_000,
  })
  const child = spawn('java', [...java, 'kafka.Kafka', file], { stdio: 'ignore' })
  try {
    await answers(address, topic, child)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return {
    address,
    stop: async () => {
      const gone = new Promise((done) => child.once('exit', done))
      child.kill('SIGKILL')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function answers(address: string, topic: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; ; tries++) {
    await setTimeout(500)
    const admin = new Admin({ clientId: 'tests', bootstrapBrokers: [address], retries: 0, connectTimeout: 1000 })
    try {
      await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 })
      return
    } catch (error) {
      if (tries > 100 || child.exitCode !== null) throw error
    } finally {
      await admin.close().catch(() => {})
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function has(command: string): boolean {
  try {
    execFileSync(command, ['-version'], { stdio: 'ignore', timeout: 20_000 })
    return true
  } catch {
    return false
  }
}

function fetchJars(): void {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-maven-'))
  const wanted = `<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${VERSION}</version></dependency>`
  writeFileSync(
    join(folder, 'pom.xml'),
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>orrery</groupId>` +
      `<artifactId>tests</artifactId><version>1</version><dependencies>${wanted}</dependencies></project>`,
  )
  const args = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=jars']
  execFileSync('mvn', args, { cwd: folder, stdio: 'ignore', timeout: 300_000 })
  mkdirSync(join(JARS, '..'), { recursive: true })
  if (readdirSync(join(folder, 'jars')).length > 0) renameSync(join(folder, 'jars'), JARS)
  rmSync(folder, { recursive: true })
}

if (import.meta.main && !existsSync(JARS)) fetchJars()
