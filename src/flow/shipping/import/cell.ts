/** What a cell of a file may hold: a spreadsheet's own kinds, a CSV's text, or nothing. */
export type Cell = string | number | boolean | Date | null;
