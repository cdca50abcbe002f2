// Command crash counts the words of a text when a button is pressed. The sick variant writes to a map that was
// never made, and panics: the program ends, and its page stays behind. The healthy one makes its map.
package main

import (
	"strings"
	"syscall/js"
)

func main() {
	counted := js.Global().Get("counted")
	js.Global().Get("count").Set("onclick", js.FuncOf(func(js.Value, []js.Value) any {
		text := js.Global().Get("text").Get("value").String()
		words := countWords(text)
		counted.Invoke(len(words), words["the"])
		return nil
	}))
	js.Global().Call("started")
	select {}
}

// countWords counts each word, whatever its case.
func countWords(text string) map[string]int {
	words := newWords()
	for _, word := range strings.Fields(text) {
		words[strings.ToLower(strings.Trim(word, ".,;:"))]++
	}
	return words
}
