package site

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
)

// MemoryPrefix begins the line that TellMemory prints. The number after it is in bytes.
const MemoryPrefix = "memory in use: "

// TellMemory prints, whenever the process gets SIGUSR1, how much of its heap and its stacks is in use after a garbage
// collection that gives the rest back to the system. Whoever measures memory asks for it; no load does.
func TellMemory() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	go func() {
		var m runtime.MemStats
		for range asked {
			runtime.GC()
			debug.FreeOSMemory() // collects again: what pools held is free after the second time
			runtime.ReadMemStats(&m)
			fmt.Printf("%s%d\n", MemoryPrefix, m.HeapAlloc+m.StackInuse)
		}
	}()
}
