// Command startup sorts log lines into classes. Its packages need large tables: the sick variant builds all of
// them in package variables, before main; the healthy one builds each when it is first asked for.
package main

import (
	"syscall/js"
	"time"

	"demo/startup/places"
	"demo/startup/rules"
	"demo/startup/waves"
)

var lines = []string{
	"GET /api/v1/users/42 200 12ms",
	"payment 7f3a declined: insufficient funds",
	"user ada@example.com signed in from Lisbon",
	"disk /dev/sda1 at 91% on node-17",
	"POST /api/v2/orders 503 2040ms",
	"cache miss for key session:9d1c",
}

func main() {
	js.Global().Call("started")
	show := js.Global().Get("classified")
	for i := 0; ; i++ {
		line := lines[i%len(lines)]
		show.Invoke(line, rules.Classify(line), places.Near(i*7919), waves.At(i))
		time.Sleep(400 * time.Millisecond)
	}
}
