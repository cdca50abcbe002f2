// Command flood ranks 10,000 titles by their closeness to a word, twice a second. The sick variant puts
// each title into a microtask of its own; the healthy one yields to the browser every few milliseconds.
package main

import (
	"strconv"
	"syscall/js"
	"time"
)

const (
	titles = 10_000
	every  = 500 * time.Millisecond
	// rest is left between two searches, however long they take.
	rest = 100 * time.Millisecond
)

var words = []string{"gopher", "golden", "garden", "orchard", "pepper", "copper", "harbour", "gossip"}

func main() {
	ranked := js.Global().Get("ranked")
	catalogue := make([]string, titles)
	for i := range catalogue {
		catalogue[i] = words[i%len(words)] + " and " + words[i/len(words)%len(words)] + " " + strconv.Itoa(i)
	}
	for round := 0; ; round++ {
		start := time.Now()
		search := newSearch(words[round%len(words)] + " and copper")
		rankAll(search, catalogue)
		ranked.Invoke(titles, time.Since(start).Seconds()*1000, search.best)
		time.Sleep(max(rest, every-time.Since(start)))
	}
}
