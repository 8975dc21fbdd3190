// Which cells meet: the scene's tap tables, looked up in all three directions.
//
// A site is { out, read, weight }: three cells, each [plane, row, col]. A step is a cell of the
// grid that is swept, in row-major order.

export class Taps {
  constructor(sweep, grids) {
    this.sweep = sweep;
    this.out = grids[sweep.steps];
    this.read = grids[sweep.reads];
    this.weight = grids[sweep.weights];
    this.decides = grids[sweep.decides] ?? this.read; // of a maximum: whose numbers are compared
    this.rowsOf = inverse(sweep.rows, this.read.height);
    this.colsOf = inverse(sweep.cols, this.read.width);
    this.perPlane = this.out.height * this.out.width;
    this.steps = this.out.planes.length * this.perPlane;
  }
  cell(step) {
    const within = step % this.perPlane;
    const row = Math.floor(within / this.out.width);
    return [Math.floor(step / this.perPlane), row, within % this.out.width];
  }
  step([plane, row, col]) {
    return plane * this.perPlane + this.out.position(row, col);
  }
  // The sites of one step that count, channel by channel, tap by tap.
  ofOut(out) {
    return this.window(out).filter((site) => this.counts(site));
  }
  // Of a maximum: the sites that hold it, in row-major order, the winner first.
  equals(out) {
    const all = this.window(out);
    const winner = all.find((site) => this.wins(site));
    return winner ? all.filter(({ read }) => this.decides.value(read) === this.decides.value(winner.read)) : [];
  }
  window(out) {
    const { sweep } = this;
    const [plane, i, j] = out;
    return sweep.pairs[plane].flatMap(([c, k]) =>
      sweep.rows[i].flatMap((row, u) =>
        sweep.cols[j].map((col, v) => ({
          out,
          read: [c, row, col],
          weight: [k, sweep.weightRows[u], sweep.weightCols[v]],
        })),
      ),
    );
  }
  // Of a pooling: the one tap that wins a step; what an average passes by; to whom a gradient goes.
  wins({ out, weight: [, u, v] }) {
    const { picks, weightCols } = this.sweep;
    return picks[this.step(out)] === u * weightCols.length + v;
  }
  counts(site) {
    const { skips, picks, mode } = this.sweep;
    if (skips && this.read.marks(site.read[1], site.read[2]).includes(skips)) return false;
    return !(picks && mode === "scatter") || this.wins(site);
  }
  // Every step that reads this cell.
  ofRead(read) {
    return this.reading(read).filter((site) => this.counts(site));
  }
  reading(read) {
    const { sweep } = this;
    const [plane, row, col] = read;
    return sweep.pairs.flatMap((pairs, f) =>
      pairs
        .filter(([c]) => c === plane)
        .flatMap(([, k]) =>
          this.rowsOf[row].flatMap(([i, u]) =>
            this.colsOf[col].map(([j, v]) => ({
              out: [f, i, j],
              read,
              weight: [k, sweep.weightRows[u], sweep.weightCols[v]],
            })),
          ),
        ),
    );
  }
  // Every place where this weight is used.
  ofWeight(weight) {
    const { sweep } = this;
    const [plane, row, col] = weight;
    const u = sweep.weightRows.indexOf(row);
    const v = sweep.weightCols.indexOf(col);
    return sweep.pairs.flatMap((pairs, f) =>
      pairs
        .filter(([, k]) => k === plane)
        .flatMap(([c]) =>
          sweep.rows.flatMap((rows, i) =>
            sweep.cols.map((cols, j) => ({ out: [f, i, j], read: [c, rows[u], cols[v]], weight })),
          ),
        ),
    );
  }
  sites(focus) {
    if (focus.grid === this.sweep.reads) return this.ofRead(focus.cell);
    if (focus.grid === this.sweep.weights) return this.ofWeight(focus.cell);
    return focus.grid === this.sweep.steps ? this.ofOut(focus.cell) : [];
  }
}

// From table[out][tap] = position to lists[position] = [[out, tap], ...].
function inverse(table, size) {
  const lists = Array.from({ length: size }, () => []);
  table.forEach((positions, out) => {
    positions.forEach((position, tap) => lists[position].push([out, tap]));
  });
  return lists;
}
