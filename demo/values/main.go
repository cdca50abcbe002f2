// Command values shows the last lines of a busy log, and dims each when it is no longer new: for that it keeps the lines'
// rows. The sick variant never lets go of one; the healthy one does when the row leaves the page.
package main

import (
	"bytes"
	"fmt"
	"syscall/js"
	"time"
)

const (
	fresh      = 5
	perPacket  = 4
	packetSize = 256 << 10
)

// rows of the page, by the number of their line.
type rows struct {
	addRow js.Value
	byLine map[int]js.Value
}

func main() {
	dim := js.Global().Get("dim")
	rows := rows{addRow: js.Global().Get("addRow"), byLine: make(map[int]js.Value)}
	for number := 0; ; {
		for _, line := range bytes.SplitN(receive(number), []byte("\n"), perPacket+1)[:perPacket] {
			rows.add(number, string(line))
			if row, known := rows.byLine[number-fresh]; known {
				dim.Invoke(row)
			}
			number++
		}
		time.Sleep(40 * time.Millisecond)
	}
}

// receive takes the log's next packet: a few lines, and the rest is padding.
func receive(number int) []byte {
	packet := make([]byte, 0, packetSize)
	for i := number; i < number+perPacket; i++ {
		packet = fmt.Appendf(packet, "GET /orders/%04d 200 %d ms\n", i*7919%9973, i*31%97)
	}
	return packet[:packetSize]
}
