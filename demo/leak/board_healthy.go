//go:build healthy

package main

import "syscall/js"

type board struct {
	prices   [rows]float64
	onPick   func(row int)
	setPrice js.Value
}

// newBoard makes the rows, and one handler for clicks on any of them.
func newBoard() *board {
	b := &board{setPrice: js.Global().Get("setPrice")}
	addRow := js.Global().Get("addRow")
	for i, price := range b.prices {
		addRow.Invoke(i, price)
	}
	js.Global().Get("board").Set("onclick", js.FuncOf(func(_ js.Value, args []js.Value) any {
		row := args[0].Get("target").Get("parentElement")
		row.Get("classList").Call("add", "picked")
		b.onPick(row.Get("sectionRowIndex").Int())
		return nil
	}))
	return b
}

// show changes the rows that are there.
func (b *board) show() {
	for i, price := range b.prices {
		b.setPrice.Invoke(i, price)
	}
}
