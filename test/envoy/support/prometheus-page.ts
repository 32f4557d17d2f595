// What Prometheus' text format asks of a page, as strictly as its readers do.

import assert from 'node:assert/strict';

import { parsePrometheus, type Sample } from '../../../tools/envoy/exposition.ts';

const TYPE = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$/;
const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g;
const OF_HISTOGRAM = /_(?:bucket|count|sum)$/;

/** Fails where a page is invalid; gives the names of its metrics. */
export function checkPage(text: string): Set<string> {
  const names = new Set<string>();
  const series = new Set<string>();
  let family = { name: '', type: '' };
  for (const line of text.split('\n').filter((each) => each !== '')) {
    if (line.startsWith('#')) {
      const [, name, type] = TYPE.exec(line) ?? assert.fail(line);
      assert.ok(name !== undefined && type !== undefined && !names.has(name), `twice: ${line}`);
      names.add(name);
      family = { name, type };
      continue;
    }
    const [, name = '', labels = '', value] = SAMPLE.exec(line) ?? assert.fail(line);
    const metric = family.type === 'histogram' ? name.replace(OF_HISTOGRAM, '') : name;
    assert.equal(metric, family.name, `outside its metric: ${line}`);
    assert.ok(!Number.isNaN(Number(value)) || value === 'NaN', line);
    checkLabels(labels, line);
    const key = `${name}{${labels}}`;
    assert.ok(!series.has(key), `twice: ${line}`);
    series.add(key);
  }
  checkNames(names, series);
  checkBuckets(parsePrometheus(text));
  return names;
}

function checkLabels(labels: string, line: string): void {
  const given = [...labels.matchAll(LABEL)].map(([, label = '']) => label);
  assert.equal(new Set(given).size, given.length, `a label twice: ${line}`);
  assert.ok(!given.some((label) => label.startsWith('__')), `reserved: ${line}`);
}

// No series of one metric may have the name of another one's.
function checkNames(names: ReadonlySet<string>, series: ReadonlySet<string>): void {
  for (const key of series) {
    const name = key.slice(0, key.indexOf('{'));
    const whole = name.replace(OF_HISTOGRAM, '');
    assert.ok(whole === name || !names.has(name) || !names.has(whole), `of two metrics: ${name}`);
  }
}

// The buckets of a series grow up to its count.
function checkBuckets(samples: readonly Sample[]): void {
  const last = new Map<string, Sample>();
  for (const sample of samples) {
    const { le, ...labels } = sample.labels;
    const metric = sample.name.replace(OF_HISTOGRAM, '');
    const key = metric + JSON.stringify(labels);
    const before = last.get(key);
    if (sample.name.endsWith('_bucket') && le !== undefined) {
      const isLater = before === undefined || bound(before) < bound(sample);
      assert.ok(isLater && (before?.value ?? 0) <= sample.value, JSON.stringify(sample));
      last.set(key, sample);
    } else if (sample.name.endsWith('_count') && before !== undefined) {
      assert.deepEqual([bound(before), before.value], [Infinity, sample.value], key);
    }
  }
}

function bound(sample: Sample): number {
  const le = sample.labels['le'];
  return le === '+Inf' ? Infinity : Number(le);
}
