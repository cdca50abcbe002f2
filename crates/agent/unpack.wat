;; Unpacks the recorder, which agent.js holds as text: a loop of JavaScript's over so much, before the engine has compiled it,
;; takes milliseconds of a program's start. See `text` in crates/xtask/src/build/agent.rs for the other direction.
(module
  (memory (export "memory") 16)
  ;; What a character stands for; from 128 on, what one stands for after "}", from 256 on after "~".
  (data (i32.const 0) "TABLE")
  ;; Unpacks in place: `len` characters at 512. Gives how many bytes there are.
  (func (export "unpack") (param $len i32) (result i32)
    (local $in i32) (local $out i32) (local $char i32) (local $table i32)
    (local.set $in (i32.const 512))
    (local.set $out (i32.const 512))
    (local.set $len (i32.add (local.get $len) (i32.const 512)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $in) (local.get $len)))
        (local.set $char (i32.load8_u (local.get $in)))
        (local.set $table (i32.const 0))
        (if (i32.ge_u (local.get $char) (i32.const 125))
          (then
            (local.set $table (i32.shl (i32.sub (local.get $char) (i32.const 124)) (i32.const 7)))
            (local.set $in (i32.add (local.get $in) (i32.const 1)))
            (local.set $char (i32.load8_u (local.get $in)))))
        (i32.store8 (local.get $out) (i32.load8_u (i32.add (local.get $table) (local.get $char))))
        (local.set $in (i32.add (local.get $in) (i32.const 1)))
        (local.set $out (i32.add (local.get $out) (i32.const 1)))
        (br $next)))
    (i32.sub (local.get $out) (i32.const 512))))
