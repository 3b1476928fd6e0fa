package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"runtime/metrics"

	"github.com/microroute/microroute"
)

// demo: upload
type received struct {
	Name   string `json:"name"`
	Octets int64  `json:"octets"`
	SHA256 string `json:"sha256"`
}

// end

// uploads adds a route that takes files of any size.
func uploads(app *microroute.App, board *board) {
	// demo: upload
	large := app.With(microroute.MaxBody(4 << 30))
	large.Post("/upload", func(c *microroute.Context) ([]received, error) {
		var files []received
		for part, err := range c.Request.Parts() {
			if err != nil {
				return nil, err
			}
			hash := sha256.New()
			n, err := io.Copy(hash, part)
			if err != nil {
				return nil, err
			}
			sum := fmt.Sprintf("%x", hash.Sum(nil))
			files = append(files, received{part.Name, n, sum})
		}
		board.post("upload", "I take %d MB of memory.", memory()>>20)
		return files, nil
	})
	// end
}

// memory returns how much memory the program has, in octets.
func memory() uint64 {
	total := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(total)
	return total[0].Value.Uint64()
}
