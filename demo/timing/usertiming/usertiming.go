// Package usertiming puts a program's own marks and spans into the browser's user timing.
package usertiming

import "syscall/js"

var performance = js.Global().Get("performance")

// Mark notes this moment.
func Mark(name string) {
	performance.Call("mark", name)
}

// Measure starts a span; calling what it returns ends it: defer usertiming.Measure("decode")().
func Measure(name string) (end func()) {
	start := performance.Call("now")
	return func() {
		performance.Call("measure", name, map[string]any{"start": start})
	}
}
