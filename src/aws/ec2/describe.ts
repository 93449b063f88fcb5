/** What every Describe does: ids, filters with wildcards, pages (G-037 to G-044). */
import type { Tags } from '../../control/tags.ts';
import { awsError } from '../../model/error.ts';
import { FILTER_VALUES, FILTERS } from '../../model/limits.ts';
import { type Page, pageOf } from '../paging.ts';
import { wildcard } from './wildcard.ts';

export interface DescribeInput {
  readonly Filters?: readonly { readonly Name?: string; readonly Values?: readonly string[] }[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

type Scalar = string | number | boolean | undefined;
/** A filter's values of a record: it matches when any of them does. */
export type FilterOf<R> = (record: R) => Scalar | readonly Scalar[];
export type FiltersOf<R> = Readonly<Record<string, FilterOf<R>>>;

export interface Description<R> {
  /** What the caller may see, after `Ids` have been resolved. */
  readonly records: readonly R[];
  readonly filters: FiltersOf<R>;
  /** The caller's tags on a record, for `tag:KEY`, `tag-key` and `tag-value`. */
  readonly tags?: (record: R) => Tags;
  /** MaxResults bounds (G-042). */
  readonly page?: { readonly min: number; readonly max: number };
}

const DEFAULT_PAGE = { min: 5, max: 1000 };

/**
 * The records that pass every filter, one page of them.
 * @throws AwsError InvalidParameterValue, FilterLimitExceeded, InvalidNextToken
 */
export function describe<R extends { readonly id: string }>(
  input: DescribeInput,
  description: Description<R>,
): Page<R> {
  const { Filters = [] } = input;
  checkFilterCount(Filters);
  const tests = Filters.map((filter) => compileFilter(filter, description));
  const matching =
    tests.length === 0
      ? description.records
      : description.records.filter((record) => tests.every((test) => test(record)));
  return paginate(matching, input, description.page ?? DEFAULT_PAGE);
}

/** @throws AwsError FilterLimitExceeded */
export function checkFilterCount({ length }: readonly unknown[]): void {
  if (length <= FILTERS) return;
  throw awsError('FilterLimitExceeded', `The request has more than ${FILTERS} filters.`);
}

/** @throws AwsError FilterLimitExceeded (G-039) */
export function checkValueCount(name: string, { length }: readonly string[]): void {
  if (length <= FILTER_VALUES) return;
  const message = `The filter '${name}' has more than ${FILTER_VALUES} values.`;
  throw awsError('FilterLimitExceeded', message);
}

function compileFilter<R>(
  { Name = '', Values = [] }: NonNullable<DescribeInput['Filters']>[number],
  { filters, tags }: Description<R>,
): (record: R) => boolean {
  const values = valuesOf(Name, filters, tags);
  if (values === undefined) {
    throw awsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
  }
  checkValueCount(Name, Values);
  const matchers = Values.map(wildcard);
  return (record) => {
    const found = values(record);
    const list = Array.isArray(found) ? (found as readonly Scalar[]) : [found as Scalar];
    return list.some(
      (value) => value !== undefined && matchers.some((match) => match(String(value))),
    );
  };
}

function valuesOf<R>(
  name: string,
  filters: FiltersOf<R>,
  tags: Description<R>['tags'],
): FilterOf<R> | undefined {
  if (Object.hasOwn(filters, name)) return filters[name];
  if (tags === undefined) return undefined;
  if (name === 'tag-key') return (record) => Object.keys(tags(record));
  if (name === 'tag-value') return (record) => Object.values(tags(record));
  if (!name.startsWith('tag:')) return undefined;
  const key = name.slice(4);
  return (record) => (Object.hasOwn(tags(record), key) ? tags(record)[key] : undefined);
}

function paginate<R extends { readonly id: string }>(
  records: readonly R[],
  { MaxResults, NextToken }: DescribeInput,
  { min, max }: { readonly min: number; readonly max: number },
): Page<R> {
  if (MaxResults !== undefined && (MaxResults < min || MaxResults > max)) {
    const message = `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between ${min} and ${max}.`;
    throw awsError('InvalidParameterValue', message);
  }
  return pageOf(records, MaxResults, NextToken);
}
