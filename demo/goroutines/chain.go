package main

// chain is a row of goroutines, each with a channel to the next.
type chain struct {
	channels []chan parcel
	glow     []byte
}

func newChain(links int) *chain {
	c := &chain{channels: make([]chan parcel, links+1), glow: make([]byte, links)}
	for i := range c.channels {
		c.channels[i] = make(chan parcel, 16)
	}
	for i := 0; i < links; i++ {
		go c.pass(i)
	}
	return c
}

func (c *chain) first() chan<- parcel {
	return c.channels[0]
}

func (c *chain) last() <-chan parcel {
	return c.channels[len(c.channels)-1]
}

// pass is one goroutine's life: it takes each parcel that comes, and hands it on.
func (c *chain) pass(link int) {
	for {
		parcel := take(c.channels[link])
		c.glow[link] = 255
		c.channels[link+1] <- parcel
	}
}
