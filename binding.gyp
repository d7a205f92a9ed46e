{
  # For `node-gyp rebuild`: runs the CMake build. npm, cmake-js and prebuildify do not use this file.
  "targets": [
    {
      "target_name": "wework_spec_sandbox",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake",
          "inputs": ["CMakeLists.txt"],
          "outputs": ["<(PRODUCT_DIR)/wework_spec_sandbox.node"],
          "action": [
            "node", "scripts/build-addon.mjs", "--out", "<(PRODUCT_DIR)"
          ],
          "message": "Building with CMakeLists.txt"
        }
      ]
    }
  ]
}
