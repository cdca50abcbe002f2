// Command leak shows a board of prices, new ones five times a second. The sick variant gives every new row a
// js.Func of its own and releases none; the healthy one keeps its rows, and has one js.Func for all of them.
package main

import (
	"math"
	"syscall/js"
	"time"
)

const rows = 20

func main() {
	board := newBoard()
	pick := js.Global().Get("pick")
	board.onPick = func(row int) { pick.Invoke(row, board.prices[row]) }
	ticker := time.NewTicker(200 * time.Millisecond)
	for step := 0; ; step++ {
		for i := range board.prices {
			price := 100 + 10*float64(i) + 5*math.Sin(float64(step+7*i)/9)
			board.prices[i] = math.Round(price*100) / 100
		}
		board.show()
		<-ticker.C
	}
}
