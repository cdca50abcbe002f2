// A module of some 14 MB, most of it the standard library, whose main says at once that it runs.
package main

import (
	"encoding/json"
	"encoding/xml"
	"html/template"
	"net/http"
	"syscall/js"
)

// Kept from the linker's dead code elimination.
var kept = []any{http.ListenAndServe, http.Get, json.Unmarshal, xml.Unmarshal, template.New}

func main() {
	js.Global().Call("mainStarted", len(kept))
	select {}
}
