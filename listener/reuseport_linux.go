//go:build 386 || amd64 || arm

package listener

// soReusePort is SO_REUSEPORT (asm-generic/socket.h), which package syscall has for the other architectures only.
const soReusePort = 0xf
