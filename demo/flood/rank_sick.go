//go:build !healthy

package main

import "syscall/js"

var window = js.Global()

// rankAll ranks each title in a microtask of its own. That does not let the page breathe: the browser runs every
// one of them before it handles a timer, an event or a frame.
func rankAll(s *search, catalogue []string) {
	done := make(chan struct{})
	next := 0
	rankNext := js.FuncOf(func(js.Value, []js.Value) any {
		s.rank(catalogue[next])
		if next++; next == len(catalogue) {
			close(done)
		}
		return nil
	})
	defer rankNext.Release()
	for range catalogue {
		window.Call("queueMicrotask", rankNext)
	}
	<-done
}
