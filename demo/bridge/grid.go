package main

import (
	"math"
	"strconv"
	"strings"
	"syscall/js"
)

// Grid is a field of levels from 0 to 9.
type Grid struct {
	columns, rows int
	levels        []byte
}

// NewGrid returns a grid of that size, all levels 0.
func NewGrid(columns, rows int) *Grid {
	return &Grid{columns: columns, rows: rows, levels: make([]byte, columns*rows)}
}

// Mount creates one element per cell inside host.
func (g *Grid) Mount(host js.Value) {
	var html strings.Builder
	for i := range g.levels {
		html.WriteString(`<i id="` + cellID(i) + `"></i>`)
	}
	host.Get("style").Call("setProperty", "--columns", g.columns)
	host.Set("innerHTML", html.String())
}

// Step sets the levels for a time in seconds: two waves that meet.
func (g *Grid) Step(t float64) {
	middleX, middleY := float64(g.columns)/2, float64(g.rows)/2
	for i := range g.levels {
		x, y := float64(i%g.columns), float64(i/g.columns)
		wave := math.Sin(x/4+t) + math.Sin(math.Hypot(x-middleX, y-middleY)/3-2*t)
		g.levels[i] = byte((wave + 2) / 4 * 9.99)
	}
}

func cellID(i int) string {
	return "cell-" + strconv.Itoa(i)
}
