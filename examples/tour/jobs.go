package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/microroute/microroute"
)

// jobs adds work that goes on when the answer has been sent.
func jobs(app *microroute.App, board *board) {
	// demo: job
	var count atomic.Int64
	app.Post("/jobs", func(c *microroute.Context) string {
		id := count.Add(1)
		c.Go(func(ctx context.Context) { // a shutdown waits for it
			for step := 1; step <= 5; step++ {
				select {
				case <-time.After(400 * time.Millisecond):
					board.post("job", "Job %d: %d of 5 done.", id, step)
				case <-ctx.Done():
					return
				}
			}
		})
		c.Response.Status = 202
		return fmt.Sprintf("Job %d has begun.", id)
	})
	// end
}
