//go:build healthy

package main

// shown is how many rows the page shows.
const shown = 20

// add makes a row and keeps it, and lets go of the one that leaves the page for it.
func (r *rows) add(number int, line string) {
	r.byLine[number] = r.addRow.Invoke(number, line)
	delete(r.byLine, number-shown)
}
