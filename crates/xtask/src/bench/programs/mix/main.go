// Bridge mix: 40 % get, 20 % set, 20 % call, 20 % index.
package main

import "syscall/js"

func mix(object, array js.Value, rounds int) int {
	sum := 0
	for i := 0; i < rounds; i++ {
		sum += object.Get("alpha").Int()
		object.Set("beta", i)
		sum += object.Get("gamma").Int()
		object.Call("tick", i)
		sum += array.Index(i & 7).Int()
	}
	return sum
}

func main() {
	object, array := js.Global().Get("mixObject"), js.Global().Get("mixArray")
	js.Global().Set("work", js.FuncOf(func(_ js.Value, args []js.Value) any {
		return mix(object, array, args[0].Int())
	}))
	select {}
}
