// Command headers tells the time in some cities. Nothing is wrong with the program: the server sends its module under the
// wrong headers, or the right ones.
package main

import (
	"syscall/js"
	"time"
)

var cities = []struct {
	name  string
	hours int
}{{"Honolulu", -10}, {"Bogotá", -5}, {"Accra", 0}, {"Lusaka", 2}, {"Hà Nội", 7}, {"Tokyo", 9}}

func main() {
	tell := js.Global().Get("told")
	for {
		for i, city := range cities {
			there := time.Now().In(time.FixedZone(city.name, city.hours*3600))
			tell.Invoke(i, city.name, there.Format("15:04:05"))
		}
		time.Sleep(time.Second)
	}
}
