// Crosses once with ten frames on its stack, and stays in that crossing for as long as the page measures there.
package main

import "syscall/js"

//go:noinline
func deep(n int) int {
	if n > 0 {
		return deep(n-1) + 1
	}
	return js.Global().Call("tenFramesDeep").Int()
}

func main() {
	deep(5)
	select {}
}
