/**
 * Bars of the date histogram, from the engine's counts. Pure.
 *
 * The engine counts at most some hundred values of a field, so days are used where all of them were counted and fit,
 * then months, then years; choosing a bar narrows the dates, and the next answer has finer bars.
 *
 * @typedef {{label: string, from: string, to: string, count: number}} Bucket
 * @typedef {Record<string, number>} Counts
 */

const MOST_DAYS = 62;
const MOST_MONTHS = 48;

/**
 * @param {{date_number?: Counts, year_month?: Counts, year?: Counts}} facets
 * @returns {Bucket[]} without gaps, the oldest first
 */
export function buckets({ date_number: days = {}, year_month: months = {}, year: years = {} }) {
  const total = sum(years);
  if (total === 0) return [];
  const numbers = Object.keys(days).map(Number);
  if (sum(days) === total) {
    const [first, last] = [day(Math.min(...numbers)), day(Math.max(...numbers))];
    const all = each(first, last, (at) => at.setUTCDate(at.getUTCDate() + 1), MOST_DAYS);
    if (all) return all.map(iso).map((label) => bucket(label, label, label, days[label.replaceAll('-', '')]));
  }
  if (sum(months) === total) {
    const names = Object.keys(months).toSorted();
    const [first, last] = [`${names[0]}-01`, `${names.at(-1)}-01`].map((name) => new Date(`${name}T00:00Z`));
    const all = each(first, last, (at) => at.setUTCMonth(at.getUTCMonth() + 1), MOST_MONTHS);
    if (all) {
      return all.map((at) => {
        const label = iso(at).slice(0, 7);
        const end = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0));
        return bucket(label, iso(at), iso(end), months[label]);
      });
    }
  }
  const names = Object.keys(years).map(Number);
  const [first, last] = [Math.min(...names), Math.max(...names)];
  return Array.from({ length: last - first + 1 }, (_, at) => String(first + at)).map((year) =>
    bucket(year, `${year.padStart(4, '0')}-01-01`, `${year.padStart(4, '0')}-12-31`, years[year]),
  );
}

function bucket(label, from, to, count = 0) {
  return { label, from, to, count };
}

/** Every step from first to last, or nothing if there are more than `most`. */
function each(first, last, step, most) {
  const all = [];
  for (const at = new Date(first); at <= last; step(at)) {
    if (all.length === most) return null;
    all.push(new Date(at));
  }
  return all;
}

function sum(counts) {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}

function day(number) {
  return new Date(Date.UTC(Math.floor(number / 10_000), (Math.floor(number / 100) % 100) - 1, number % 100));
}

function iso(date) {
  return date.toISOString().slice(0, 10);
}
