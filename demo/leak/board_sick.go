//go:build !healthy

package main

import "syscall/js"

type board struct {
	prices   [rows]float64
	onPick   func(row int)
	handlers []js.Func
	clear    js.Value
	addRow   js.Value
}

func newBoard() *board {
	return &board{clear: js.Global().Get("clearRows"), addRow: js.Global().Get("addRow")}
}

// show makes every row anew. The rows that go leave their handlers behind, for a Release that never comes: a
// hundred a second, and each holds on to its row in the page.
func (b *board) show() {
	b.clear.Invoke()
	for i, price := range b.prices {
		i, row := i, b.addRow.Invoke(i, price)
		handler := js.FuncOf(func(js.Value, []js.Value) any {
			row.Get("classList").Call("add", "picked")
			b.onPick(i)
			return nil
		})
		row.Set("onclick", handler)
		b.handlers = append(b.handlers, handler)
	}
}
