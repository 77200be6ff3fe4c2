import type { Database, Db, Statement, Tx } from '../../src/platform/database.ts';

/** The same database, which notes each prepared statement that goes through it. */
export function noting(database: Database, noted: Map<string, Statement<unknown>>): Database {
  const noter = <Way extends Db>(way: Way): Way => ({
    ...way,
    run: <Row>(statement: Statement<Row>, values: readonly unknown[]) => {
      if (statement.name !== undefined) noted.set(statement.name, statement);
      return way.run(statement, values);
    },
  });
  return {
    ...database,
    reads: noter(database.reads),
    single: noter(database.single),
    transact: (work, options) => database.transact((tx) => work(noter<Tx>(tx)), options),
  };
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Join Filter'?: string;
  readonly Plans?: readonly PlanNode[];
}

/**
 * Where plans that this connection makes now read more of a table than what they look for: a join
 * by filter, or an index by another column than its first. One connection, so that a plan stays.
 */
export async function detours(
  { reads }: Database,
  statements: Iterable<Statement<unknown>>,
): Promise<string[]> {
  const leading = await leadingColumns(reads);
  const found: string[] = [];
  for (const statement of statements) {
    for (const node of await planOf(reads, statement)) {
      const detour = detourIn(node, leading);
      if (detour !== null) found.push(`${statement.name}: ${detour}`);
    }
  }
  return found;
}

function detourIn(node: PlanNode, leading: ReadonlyMap<string, string>): string | null {
  if (node['Join Filter']) return `Join Filter ${node['Join Filter']}`;
  if (node['Node Type'] === 'Seq Scan') return 'Seq Scan';
  const index = node['Index Name'];
  if (index === undefined) return null;
  const byKey = `(${leading.get(index)} = `;
  return node['Index Cond']?.includes(byKey) ? null : `${index} by ${node['Index Cond']}`;
}

async function leadingColumns(reads: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await reads.run<{ index: string; column: string }>(
    {
      name: undefined,
      text: `select indexrelid::regclass::text as index,
                    pg_get_indexdef(indexrelid, 1, false) as column
               from pg_index`,
    },
    [],
  );
  return new Map(rows.map(({ index, column }) => [index, column]));
}

/** The nodes of the plan under the statement's name, which its first run makes. */
async function planOf(reads: Db, statement: Statement<unknown>): Promise<PlanNode[]> {
  const count = Math.max(0, ...[...statement.text.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n)));
  const nulls = Array.from({ length: count }, () => null);
  // What writes refuses nulls, but only after it was planned.
  await reads.run(statement, nulls).catch(() => {});
  const values = count === 0 ? '' : `(${nulls.map(() => 'null').join(', ')})`;
  const text = `explain (format json) execute "${statement.name}"${values}`;
  const [row] = await reads.run<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
    { name: undefined, text },
    [],
  );
  const root = row?.['QUERY PLAN'][0]?.Plan;
  if (root === undefined) throw new Error(`no plan of ${statement.name}`);
  return nodesOf(root);
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
